import "./no-eval.ts";
import "../ui/theme.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Session, SessionContext } from "../features/auth/session.ts";
import { applyTheme } from "../ui/theme.ts";
import { makeRouter } from "./router.tsx";

applyTheme();
const session = new Session();
const router = makeRouter(session);
session.subscribe(() => void router.invalidate());
void session.resume();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root");
createRoot(root).render(
  <StrictMode>
    <SessionContext value={session}>
      <RouterProvider router={router} />
    </SessionContext>
  </StrictMode>,
);
