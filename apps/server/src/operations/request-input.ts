import { fail, invalid, ok, type Result } from "./result.ts";

/** Bytes of a JSON body: far above the largest that is valid. */
const MOST_BODY_BYTES = 256 * 1024;

type Fields = Record<string, unknown>;

/** One object of what the path says and what the query, or the JSON body, says; neither may speak for the other. */
export async function readInput(request: Request, path: Readonly<Record<string, string>>): Promise<Result<Fields>> {
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const said = hasBody ? await readBody(request) : readQuery(request);
  if (!said.ok) return said;
  for (const name of Object.keys(path))
    if (Object.hasOwn(said.value, name)) return invalid(name, "is given by the path alone");
  return ok({ ...said.value, ...path });
}

function readQuery(request: Request): Result<Fields> {
  const start = request.url.indexOf("?");
  const fields: Fields = {};
  for (const [name, value] of new URLSearchParams(start < 0 ? "" : request.url.slice(start))) {
    if (Object.hasOwn(fields, name)) return invalid(name, "is given twice");
    fields[name] = value;
  }
  return ok(fields);
}

async function readBody(request: Request): Promise<Result<Fields>> {
  const bytes = await readBytes(request);
  if (bytes === undefined) return fail("TOO_LARGE");
  if (bytes.length === 0) return ok({});
  const type = request.headers.get("content-type");
  if (!/^application\/json *(; *charset="?utf-?8"? *)?$/i.test(type ?? ""))
    return fail("UNSUPPORTED_TYPE", "The body must be application/json in UTF-8.");
  try {
    const body: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(body) ? ok(body) : fail("VALIDATION_FAILED", "The body must be a JSON object.");
  } catch {
    return fail("VALIDATION_FAILED", "The body is not valid JSON.");
  }
}

/** @returns undefined for a body that is too large; of one whose length is not declared no more is read than that */
async function readBytes(request: Request): Promise<Uint8Array | undefined> {
  const declared = request.headers.get("content-length");
  if (declared !== null) return Number(declared) > MOST_BODY_BYTES ? undefined : request.bytes();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
