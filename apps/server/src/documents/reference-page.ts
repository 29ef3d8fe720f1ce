import {
  chatEvents,
  errors,
  eventSummaries,
  type HubOnlyRow,
  hubOnlyOperations,
  notificationEvents,
  type OperationRow,
  operations,
  presenceEvents,
} from "@hubbub/contract";
import { html } from "hono/html";
import type { z } from "zod";
import { groupOf } from "./groups.ts";
import { type JsonSchema, namedSchemas, schemaOf } from "./schemas.ts";
import { typeText } from "./type-text.ts";

type Html = ReturnType<typeof html>;

interface Section {
  readonly title: string;
  readonly entries: readonly { readonly id: string; readonly body: Html }[];
}

const ACCESS: Readonly<Record<OperationRow["access"], string>> = {
  public: " No account is needed.",
  signedIn: "",
  admin: " For admins of the server.",
};

/** The reference that people read: every operation, event, object and error code, without a script. */
export function referencePage(): Html {
  const sections = [...operationSections(), hubOnlySection(), eventSection(), objectSection(), errorSection()];
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Hubbub API</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/docs/style.css" />
  </head>
  <body>
    <nav aria-label="Contents">
      <p><a href="#top">Hubbub API</a></p>
      ${sections.map(
        ({ title, entries }) => html`<details open>
          <summary>${title}</summary>
          <ul>${entries.map(({ id }) => html`<li><a href="#${id}">${id}</a></li>`)}</ul>
        </details>`,
      )}
    </nav>
    <main id="top">
      ${introduction()}
      ${sections.map(
        ({ title, entries }) => html`<section><h2>${title}</h2>
          ${entries.map(({ id, body }) => html`<article id="${id}">${body}</article>`)}</section>`,
      )}
    </main>
  </body>
</html>`;
}

function introduction(): Html {
  return html`<h1>Hubbub API</h1>
    <p>REST lives under <code>/api/v1</code>, real time under <code>/hubs/chat</code>, presence alone under
      <code>/hubs/presence</code> and alerts without content under <code>/hubs/notifications</code>. They speak SignalR: any
      official client connects to them. What has a hub method does the same by REST and hub, and fails with the same
      codes. Unknown fields are refused.</p>
    <p>Sign in with <code>POST /auth/login</code> and send <code>Authorization: Bearer</code> with the access token; a
      hub takes it as <code>access_token</code>. For machines: <a href="/openapi.json">openapi.json</a> and
      <a href="/asyncapi.json">asyncapi.json</a>.</p>`;
}

function operationSections(): Section[] {
  const groups = Map.groupBy(Object.entries<OperationRow>(operations), ([, row]) => groupOf(row));
  return [...groups].map(([title, rows]) => ({
    title,
    entries: rows.map(([id, row]) => ({ id, body: operationBody(id, row) })),
  }));
}

function operationBody(name: string, row: OperationRow): Html {
  const { method, path, status } = row.route;
  const input = schemaOf(row.input, "input");
  return html`<h3>${name}</h3>
    <p>${row.summary}${ACCESS[row.access]}</p>
    <p class="ways"><code><b>${method}</b> ${path}</code>${row.hub && html` <code><b>hub</b> ${row.hub.method}</code>`}</p>
    ${isEmpty(input) || html`<h4>Input</h4><pre>${typeText(input)}</pre>`}
    ${status !== 204 && html`<h4>Answer ${status}</h4><pre>${typeText(schemaOf(row.output, "output"))}</pre>`}
    ${row.hub && html`<h4>The hub's answer</h4><pre>${typeText(schemaOf(row.hub.output, "output"))}</pre>`}`;
}

const isEmpty = ({ type, properties = {} }: JsonSchema): boolean =>
  type === "object" && Object.keys(properties).length === 0;

/** What belongs to a connection, or streams to it. */
function hubOnlySection(): Section {
  const entries = Object.entries<HubOnlyRow>(hubOnlyOperations).map(([id, { summary, input, hub }]) => ({
    id,
    body: html`<h3>${id}</h3><p>${summary}</p>
      <p class="ways"><code><b>hub</b> ${hub.method}</code></p>
      <h4>Input</h4><pre>${typeText(schemaOf(input, "input"))}</pre>
      <h4>${hub.streams ? "Each item of the hub's stream" : "The hub's answer"}</h4>
      <pre>${typeText(schemaOf(hub.output, "output"))}</pre>`,
  }));
  return { title: "Over hubs alone", entries };
}

function eventSection(): Section {
  const events: Readonly<Record<string, z.ZodType>> = { ...chatEvents, ...presenceEvents, ...notificationEvents };
  const summaries: Readonly<Record<string, string>> = eventSummaries;
  const entries = Object.entries(events).map(([id, payload]) => ({
    id,
    body: html`<h3>${id}</h3><p>${summaries[id] ?? ""}</p>
      <pre>${typeText(schemaOf(payload, "output"))}</pre>`,
  }));
  return { title: "Events", entries };
}

function objectSection(): Section {
  const entries = Object.entries(namedSchemas()).map(([id, schema]) => ({
    id,
    body: html`<h3>${id}</h3><pre>${typeText(schema)}</pre>`,
  }));
  return { title: "Objects", entries };
}

function errorSection(): Section {
  const entries = Object.entries(errors).map(([id, { status, text, retryable }]) => ({
    id,
    body: html`<h3>${id}</h3><p>${status}: ${text}${retryable ? " The same request may succeed later." : ""}</p>`,
  }));
  return { title: "Errors", entries };
}
