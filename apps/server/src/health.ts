/** The parts without which the server cannot serve, each with a check that rejects or answers in bounded time. */
export type HealthChecks = Readonly<Record<string, () => Promise<void>>>;

async function failingParts(checks: HealthChecks): Promise<readonly string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(([part, check]) =>
      check().then(
        () => undefined,
        () => part,
      ),
    ),
  );
  return results.filter((part) => part !== undefined);
}

/** `GET /health/live`: this process answers. */
export function live(): Response {
  return Response.json({ status: "live" });
}

/** `GET /health/ready`: 200, or 503 with the names of the failing parts. */
export async function ready(checks: HealthChecks): Promise<Response> {
  const failing = await failingParts(checks);
  return failing.length === 0
    ? Response.json({ status: "ready" })
    : Response.json({ status: "unavailable", failing }, { status: 503 });
}
