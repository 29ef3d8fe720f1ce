import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Markdown } from "../src/features/messages/markdown/markdown.tsx";

/** What a test calls in a browser: shows a text as a message shows it. @returns milliseconds until it is laid out */
function show(text: string): number {
  document.body.replaceChildren();
  const root = createRoot(document.body);
  const begun = performance.now();
  flushSync(() => root.render(createElement(Markdown, { text, names: new Map<string, boolean>() })));
  document.body.getBoundingClientRect();
  return performance.now() - begun;
}

Object.assign(globalThis, { show });
