import {
  chatEventNames,
  chatEvents,
  eventSummaries,
  type OperationRow,
  operations,
  protocolVersion,
} from "@hubbub/contract";
import { type JsonSchema, namedSchemas, schemaOf } from "./schemas.ts";

const ACCESS_TOKEN = "#/components/securitySchemes/accessToken";

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly payload: JsonSchema;
}

/** The hub's methods that a client calls, with their answers. */
function methods(): { readonly call: Message; readonly answer: Message }[] {
  return Object.values<OperationRow>(operations).flatMap((row) => {
    if (row.hub === undefined) return [];
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
function argumentsOf({ input, hub }: OperationRow): JsonSchema {
  const whole = schemaOf(input, "input");
  const fields = hub?.arguments?.map((name) => whole.properties?.[name] ?? {}) ?? [whole];
  const required = hub?.arguments?.filter((name) => whole.required?.includes(name)) ?? fields;
  return { type: "array", prefixItems: fields, minItems: required.length, maxItems: fields.length };
}

function events(): Message[] {
  return chatEventNames.map((name) => ({
    name,
    summary: eventSummaries[name],
    payload: {
      type: "array",
      prefixItems: [schemaOf(chatEvents[name], "output")],
      minItems: 1,
      maxItems: 1,
    },
  }));
}

const message = (name: string) => ({ $ref: `#/channels/chat/messages/${name}` });
const channel = { $ref: "#/channels/chat" };

/** Every method and event of the hub as AsyncAPI 3. @param address where the server is reached */
export function asyncApi({ protocol, host }: URL) {
  const called = methods();
  const heard = events();
  const messages = [...called.flatMap(({ call, answer }) => [call, answer]), ...heard];
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Hubbub",
      version: String(protocolVersion),
      description:
        "SignalR hubs, over WebSockets, server-sent events or long polling, in JSON or MessagePack. A payload here is the " +
        "`arguments` of an invocation, or the `result` of its completion; a failure is the completion's error, " +
        "`CODE: sentence`, with the codes of `/openapi.json`.",
      license: { name: "MIT" },
    },
    servers: {
      hubbub: { host, protocol: protocol === "https:" ? "wss" : "ws", security: [{ $ref: ACCESS_TOKEN }] },
    },
    channels: {
      chat: {
        address: "/hubs/chat",
        messages: Object.fromEntries(messages.map((each) => [each.name, each])),
      },
    },
    operations: {
      ...Object.fromEntries(
        called.map(({ call, answer }) => [
          call.name,
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
        heard.map(({ name, summary }) => [name, { action: "send", channel, summary, messages: [message(name)] }]),
      ),
    },
    components: {
      schemas: namedSchemas(),
      securitySchemes: { accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}
