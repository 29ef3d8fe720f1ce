import { Hono } from "hono";

/** Parts by name, each with a check that rejects or answers in bounded time. */
type HealthChecks = Readonly<Record<string, () => Promise<void>>>;

export interface HealthParts {
  /** Without one of these the server cannot serve. */
  readonly needed: HealthChecks;
  /** Without one of these it serves, later or with less. */
  readonly useful: HealthChecks;
}

/** What balancers and people ask: does the process live, and can it serve. */
export class Health {
  readonly #parts: HealthParts;
  #draining = false;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /** From now on the server counts as not ready. */
  drain(): void {
    this.#draining = true;
  }

  /** The names of the needed parts that fail. */
  async failing(): Promise<string[]> {
    return [...(this.#draining ? ["server"] : []), ...(await failingOf(this.#parts.needed))];
  }

  /** The names of the useful ones that fail. */
  degraded(): Promise<string[]> {
    return failingOf(this.#parts.useful);
  }
}

async function failingOf(checks: HealthChecks): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(([part, check]) =>
      check().then(
        () => [],
        () => [part],
      ),
    ),
  );
  return results.flat();
}

/** `/live`: this process answers. `/ready` and `/`: 200, or 503 with the names of the failing parts. */
export function healthRoutes(health: Health): Hono {
  const ready = async () => {
    const [failing, degraded] = await Promise.all([health.failing(), health.degraded()]);
    const also = degraded.length === 0 ? {} : { degraded };
    return failing.length === 0
      ? Response.json({ status: "ready", ...also })
      : Response.json({ status: "unavailable", failing, ...also }, { status: 503 });
  };
  return new Hono()
    .get("/live", () => Response.json({ status: "live" }))
    .get("/ready", ready)
    .get("/", ready);
}
