import { defineConfig } from "@playwright/test";
import { requireChromium } from "./scripts/services.ts";

const executablePath = requireChromium();
const runsAsRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.browser.test.{ts,tsx}",
  outputDir: "test-results",
  // Each file starts a server of its own beside Chromium: more at once only makes them wait for each other.
  workers: 1,
  // Long enough for a machine that is busy with other work: what passes waits for none of it.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env["CI"] === "true",
  use: {
    browserName: "chromium",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        ...(runsAsRoot ? ["--no-sandbox"] : []),
        // A test machine may have no way out: the browser must not try.
        ...["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
        ...["--disable-background-networking", "--disable-component-update"],
      ],
    },
  },
});
