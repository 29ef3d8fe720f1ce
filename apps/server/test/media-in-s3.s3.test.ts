import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { requireSwift } from "../../../scripts/services.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing/database.ts";
import { S3Server } from "../src/testing/s3-server.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";

const swift = requireSwift();

describe.skipIf(swift === undefined)("a server whose media lie in S3", () => {
  const home = temporaryDirectory();
  let database: TestDatabase;
  let s3: S3Server;
  let server: ServerProcess;
  let url: string;

  beforeAll(async () => {
    [database, s3] = await Promise.all([createTestDatabase(), S3Server.start(swift ?? "")]);
    const { endpoint, bucket, region, credentials } = s3.settings;
    server = await ServerProcess.start({
      dataDirectory: home.path,
      env: {
        DATABASE_URL: database.url,
        S3_ENDPOINT: endpoint,
        S3_BUCKET: bucket,
        S3_REGION: region,
        S3_ACCESS_KEY: credentials?.accessKeyId ?? "",
        S3_SECRET_KEY: credentials?.secretAccessKey ?? "",
      },
    });
    url = await server.url;
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await Promise.all([database.drop(), s3.stop()]);
    home.remove();
  });

  test("lets its page reach the store, and has no blobs of its own", async () => {
    const policy = (await fetch(url)).headers.get("content-security-policy") ?? "";
    for (const name of ["img-src", "media-src", "connect-src"])
      expect(policy).toMatch(new RegExp(`${name} [^;]*${s3.settings.endpoint}(;| )`));
    expect(policy).toContain("script-src 'self';");
    expect((await fetch(`${url}/blobs/anything-at-all`)).status).toBe(404);
  });

  test("says so while the store is away, and serves all else", async () => {
    const ready = async () => (await fetch(`${url}/health/ready`)).json();
    expect(await ready()).toEqual({ status: "ready" });
    s3.freeze();
    expect(await ready()).toEqual({ status: "ready", degraded: ["media"] });
    s3.goOn();
    expect(await ready()).toEqual({ status: "ready" });
  });
});
