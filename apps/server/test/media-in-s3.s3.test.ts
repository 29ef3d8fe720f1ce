import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { HubbubApi } from "@hubbub/client";
import { newDeviceId } from "@hubbub/contract";
import { requireSwift } from "../../../scripts/services.ts";
import { put } from "../src/testing/blob-store-contract.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing/database.ts";
import { S3Server } from "../src/testing/s3-server.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";

const swift = requireSwift();
const gif = new Uint8Array(Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64"));

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(20);
}

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

  test("[M1] sends clients to the store with their bytes, looks at what lies there, and gives it back by an address of the store", async () => {
    const api = new HubbubApi({ baseUrl: url, deviceId: newDeviceId(), tokenDelivery: "body" });
    const person = { username: "ann", email: "ann@example.org", password: "correct horse battery" };
    await api.call("register", { ...person, displayName: "Ann" });
    await api.login({ login: "ann", password: person.password });
    const upload = async (bytes: Uint8Array<ArrayBuffer>) => {
      const announced = {
        fileName: "dot.gif",
        contentType: "image/gif",
        size: bytes.length,
        purpose: "avatar" as const,
      };
      const created = await api.call("createMedia", announced);
      expect(created.upload.url).toStartWith(s3.settings.endpoint);
      expect((await put(created.upload, bytes)).status).toBe(200);
      return created.media.id;
    };
    const mediaId = await upload(gif);
    await api.call("confirmMedia", { mediaId });
    await until(async () => (await api.call("getMedia", { mediaId })).media.state === "active");
    const address = await api.call("getMediaUrl", { mediaId });
    expect(address.url).toStartWith(s3.settings.endpoint);
    const response = await fetch(address.url);
    expect(response.headers.get("content-disposition")).toBe("inline; filename=\"dot.gif\"; filename*=UTF-8''dot.gif");
    expect(await response.bytes()).toEqual(gif);
    const other = await upload(new Uint8Array(gif.length).fill(65));
    expect(await api.call("confirmMedia", { mediaId: other }).catch((error: unknown) => error)).toMatchObject({
      code: "VALIDATION_FAILED",
    });
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
