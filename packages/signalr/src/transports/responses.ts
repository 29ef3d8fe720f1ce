/** A refusal in the reference server's words. */
export function textResponse(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain" } });
}

export function emptyResponse(status: number): Response {
  return new Response(null, { status });
}

export function jsonResponse(value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}

export const unknownConnection = () => textResponse(404, "No Connection with that ID");
export const transportChanged = () => textResponse(400, "Cannot change transports mid-connection");
export const alreadyActive = () => textResponse(409, "");
/** The node of a connection may live, but nothing can be told to it. */
export const nodeUnreachable = () => textResponse(503, "The node of this connection cannot be reached.");
