import { describe, expect, test } from "bun:test";
import { join } from "node:path";

const services = join(import.meta.dirname, "services.ts");

/** Asks for Redis in a process whose machine has none. */
function requireAbsentRedis(ci: string): { readonly code: number; readonly said: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, "-e", `import { requireRedis } from ${JSON.stringify(services)}; console.log(requireRedis());`],
    { env: { PATH: "/nowhere", REDIS_SERVER_PATH: "/nowhere/redis-server", CI: ci } },
  );
  return { code: exitCode, said: `${stdout}${stderr}` };
}

describe("a service that the machine lacks", () => {
  test("is told and skipped on a developer's machine", () => {
    const { code, said } = requireAbsentRedis("");
    expect(said).toContain("Redis is absent");
    expect(said).toContain("undefined");
    expect(code).toBe(0);
  });

  test("fails the run where CI=true", () => {
    const { code, said } = requireAbsentRedis("true");
    expect(said).toContain("error: Redis is absent");
    expect(code).not.toBe(0);
  });
});
