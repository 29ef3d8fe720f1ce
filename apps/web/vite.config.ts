import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { buildServiceWorker } from "./build-service-worker.ts";

/** The page's own origin is kept: the server refuses a foreign one. */
const server = { target: "http://127.0.0.1:8080", changeOrigin: false };

export default defineConfig({
  plugins: [react(), tailwindcss(), buildServiceWorker()],
  build: {
    // Where light-dark(), used by every colour, is understood.
    target: ["chrome123", "firefox121", "safari17.5"],
    // The content security policy allows fonts from this origin only, not data: URLs.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // In one file they run in the order of their imports: zod is told not to compile before any schema is made.
        codeSplitting: { groups: [{ name: "contract", test: /[\\/](zod|contract)[\\/]|no-eval/ }] },
      },
    },
  },
  server: { proxy: { "/api": server, "/hubs": { ...server, ws: true } } },
});
