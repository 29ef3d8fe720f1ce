// What tests need beyond npm's packages. Runs under Bun and under Node (Playwright): node: modules only.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program that some tests drive; the suffix of a test file says that it needs one: `name.redis.test.ts`. */
interface Service {
  readonly title: string;
  readonly suffix: string;
  /** Names the program itself, for a machine that has it elsewhere. */
  readonly variable: string;
  readonly programs: readonly string[];
}

const services = {
  redis: {
    title: "Redis",
    suffix: ".redis.test.ts",
    variable: "REDIS_SERVER_PATH",
    programs: ["redis-server", "valkey-server"],
  },
  swift: {
    title: "Swift (S3)",
    suffix: ".s3.test.ts",
    variable: "SWIFT_RING_BUILDER_PATH",
    programs: ["swift-ring-builder"],
  },
  chromium: {
    title: "Chromium",
    suffix: ".browser.test.ts",
    variable: "CHROMIUM_PATH",
    programs: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
  },
} as const satisfies Readonly<Record<string, Service>>;

export type ServiceName = keyof typeof services;

export interface DetectedService extends Service {
  /** Absolute path of its program; undefined when this machine has none. */
  readonly path: string | undefined;
}

/** With `CI=true` a missing service fails the run: a skipped test would look like a passed one. */
export const servicesAreRequired = process.env["CI"] === "true";

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Looks at the service's own variable, then along PATH. */
export function detectService(name: ServiceName): DetectedService {
  const service = services[name];
  const named = process.env[service.variable];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates =
    named === undefined || named === ""
      ? service.programs.flatMap((program) => [...folders, "/usr/bin"].map((folder) => join(folder, program)))
      : [named];
  return { ...service, path: candidates.find(isExecutable) };
}

export function detectServices(): readonly DetectedService[] {
  return [detectService("redis"), detectService("swift"), detectService("chromium")];
}

/** One sentence that tells what is missing and what to do about it. */
export function absence({ title, variable }: Service): string {
  return `${title} is absent: run scripts/install-test-services.sh, or set ${variable}`;
}

function requireService(name: ServiceName): string | undefined {
  const service = detectService(name);
  if (service.path === undefined) {
    if (servicesAreRequired) throw new Error(absence(service));
    console.warn(`${absence(service)}. Its tests are skipped.`);
  }
  return service.path;
}

/**
 * The Redis server's program, for a test that starts one of its own:
 * `const redis = requireRedis(); describe.skipIf(redis === undefined)(…)`.
 * Returns undefined and says so when there is none; throws then if `CI=true`.
 */
export function requireRedis(): string | undefined {
  return requireService("redis");
}

/** A program of OpenStack Swift, whose S3 face the tests use, by the same terms as `requireRedis`. */
export function requireSwift(): string | undefined {
  return requireService("swift");
}

/** The browser's program, by the same terms as `requireRedis`. */
export function requireChromium(): string | undefined {
  return requireService("chromium");
}
