import { Hono } from "hono";

/** The parts without which the server cannot serve, each with a check that rejects or answers in bounded time. */
type HealthChecks = Readonly<Record<string, () => Promise<void>>>;

/** What balancers and people ask: does the process live, and can it serve. */
export class Health {
  readonly #checks: HealthChecks;
  #draining = false;

  constructor(checks: HealthChecks) {
    this.#checks = checks;
  }

  /** From now on the server counts as not ready. */
  drain(): void {
    this.#draining = true;
  }

  /** The names of the parts that fail. */
  async failing(): Promise<string[]> {
    const results = await Promise.all(
      Object.entries(this.#checks).map(([part, check]) =>
        check().then(
          () => [],
          () => [part],
        ),
      ),
    );
    return [...(this.#draining ? ["server"] : []), ...results.flat()];
  }
}

/** `/live`: this process answers. `/ready` and `/`: 200, or 503 with the names of the failing parts. */
export function healthRoutes(health: Health): Hono {
  const ready = async () => {
    const failing = await health.failing();
    return failing.length === 0
      ? Response.json({ status: "ready" })
      : Response.json({ status: "unavailable", failing }, { status: 503 });
  };
  return new Hono()
    .get("/live", () => Response.json({ status: "live" }))
    .get("/ready", ready)
    .get("/", ready);
}
