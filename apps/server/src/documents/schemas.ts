import {
  change,
  conversation,
  fieldError,
  inboxEntry,
  member,
  mention,
  message,
  messageEdit,
  ownUser,
  problem,
  reaction,
  receipt,
  replyTo,
  session,
  user,
} from "@hubbub/contract";
import { z } from "zod";

/** A JSON Schema (2020-12), as OpenAPI 3.1 and AsyncAPI 3 take it. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The objects that the documents describe once and refer to by name. */
const named = {
  Change: change,
  Conversation: conversation,
  FieldError: fieldError,
  InboxEntry: inboxEntry,
  Member: member,
  Mention: mention,
  Message: message,
  MessageEdit: messageEdit,
  OwnUser: ownUser,
  Problem: problem,
  Reaction: reaction,
  Receipt: receipt,
  ReplyTo: replyTo,
  Session: session,
  User: user,
};

const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(named)) names.add(schema, { id });

const reference = (name: string): string => `#/components/schemas/${name}`;

/** The named objects, each under its name. */
export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(names, { io: "output", unrepresentable: "any", uri: reference });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, bare(schema)]));
}

/** A schema in which named objects are references. @param io what a caller writes, or what it is answered */
export function schemaOf(type: z.ZodType, io: "input" | "output"): JsonSchema {
  const own = names.get(type);
  if (own !== undefined) return { $ref: reference(own.id) };
  const { $defs: _, ...schema } = bare(z.toJSONSchema(type, { io, unrepresentable: "any", metadata: names }));
  return referring(schema);
}

function bare({ $schema: _, $id: __, id: ___, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** zod keeps named schemas beside each schema; the documents keep them in one place. */
function referring(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', `"$ref":"${reference("")}`);
  return JSON.parse(text);
}
