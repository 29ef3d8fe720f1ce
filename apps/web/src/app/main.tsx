import "./no-eval.ts";
import "../ui/theme.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Session, SessionContext } from "../features/auth/index.ts";
import { applyTheme } from "../ui/theme.ts";
import { Page } from "./page.tsx";

applyTheme();
const session = new Session();
void session.resume();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root");
createRoot(root).render(
  <StrictMode>
    <SessionContext value={session}>
      <Page />
    </SessionContext>
  </StrictMode>,
);
