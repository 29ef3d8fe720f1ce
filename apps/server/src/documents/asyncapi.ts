import {
  chatEvents,
  eventSummaries,
  type HubName,
  type HubOnlyRow,
  hubName,
  hubOnlyOperations,
  notificationEvents,
  type OperationRow,
  operations,
  presenceEvents,
  protocolVersion,
} from "@hubbub/contract";
import type { z } from "zod";
import { type JsonSchema, namedSchemas, schemaOf } from "./schemas.ts";

const ACCESS_TOKEN = "#/components/securitySchemes/accessToken";

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly payload: JsonSchema;
}

const eventsOf: Readonly<Record<HubName, Readonly<Record<string, z.ZodType>>>> = {
  chat: chatEvents,
  presence: presenceEvents,
  notifications: notificationEvents,
};
const summaries: Readonly<Record<string, string>> = eventSummaries;
const rows = [...Object.values<OperationRow>(operations), ...Object.values<HubOnlyRow>(hubOnlyOperations)];

/** A hub's methods that a client calls, with their answers. */
function methods(on: HubName): { readonly call: Message; readonly answer: Message }[] {
  return rows.flatMap((row) => {
    if (row.hub === undefined || !(row.hub.on ?? ["chat"]).includes(on)) return [];
    const { method, output } = row.hub;
    return [
      {
        call: { name: method, summary: row.summary, payload: argumentsOf(row) },
        answer: { name: `${method}Completion`, summary: `Answers ${method}.`, payload: schemaOf(output, "output") },
      },
    ];
  });
}

/** The arguments of a call, in order. */
function argumentsOf({ input, hub }: OperationRow | HubOnlyRow): JsonSchema {
  const whole = schemaOf(input, "input");
  const fields = hub?.arguments?.map((name) => whole.properties?.[name] ?? {}) ?? [whole];
  const required = hub?.arguments?.filter((name) => whole.required?.includes(name)) ?? fields;
  return { type: "array", prefixItems: fields, minItems: required.length, maxItems: fields.length };
}

function events(on: HubName): Message[] {
  return Object.entries(eventsOf[on]).map(([name, payload]) => ({
    name,
    summary: summaries[name] ?? "",
    payload: { type: "array", prefixItems: [schemaOf(payload, "output")], minItems: 1, maxItems: 1 },
  }));
}

/** One hub's channel and what happens on it. Names of operations are the chat hub's own; others carry their hub's. */
function hubOf(on: HubName) {
  const called = methods(on);
  const heard = events(on);
  const channel = { $ref: `#/channels/${on}` };
  const message = (name: string) => ({ $ref: `#/channels/${on}/messages/${name}` });
  const titled = (name: string) => (on === "chat" ? name : `${on}.${name}`);
  const messages = [...called.flatMap(({ call, answer }) => [call, answer]), ...heard];
  return {
    channel: {
      address: `/hubs/${on}`,
      messages: Object.fromEntries(messages.map((each) => [each.name, each])),
    },
    operations: {
      ...Object.fromEntries(
        called.map(({ call, answer }) => [
          titled(call.name),
          {
            action: "receive",
            channel,
            summary: call.summary,
            messages: [message(call.name)],
            reply: { channel, messages: [message(answer.name)] },
          },
        ]),
      ),
      ...Object.fromEntries(
        heard.map(({ name, summary }) => [
          titled(name),
          { action: "send", channel, summary, messages: [message(name)] },
        ]),
      ),
    },
  };
}

/** Every method and event of every hub as AsyncAPI 3. @param address where the server is reached */
export function asyncApi({ protocol, host }: URL) {
  const hubs = hubName.options.map((name) => ({ name, ...hubOf(name) }));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Hubbub",
      version: String(protocolVersion),
      description:
        "SignalR hubs, over WebSockets, server-sent events or long polling, in JSON or MessagePack. A payload here is the " +
        "`arguments` of an invocation, or the `result` of its completion; a failure is the completion's error, " +
        "`CODE: sentence`, with the codes of `/openapi.json`, or the event `Error` where no answer was wanted.",
      license: { name: "MIT" },
    },
    servers: {
      hubbub: { host, protocol: protocol === "https:" ? "wss" : "ws", security: [{ $ref: ACCESS_TOKEN }] },
    },
    channels: Object.fromEntries(hubs.map(({ name, channel }) => [name, channel])),
    operations: Object.assign({}, ...hubs.map(({ operations }) => operations)),
    components: {
      schemas: namedSchemas(),
      securitySchemes: { accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}
