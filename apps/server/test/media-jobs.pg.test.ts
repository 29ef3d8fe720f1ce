import { afterAll, expect, test } from "bun:test";
import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { MediaId } from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase } from "../src/testing/database.ts";
import { gif } from "../src/testing/sample-files.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";
import { newPerson } from "./crash/person.ts";

const store = await createTestDatabase();
const data = temporaryDirectory();
const server = await ServerProcess.start({
  dataDirectory: data.path,
  env: {
    DATABASE_URL: store.url,
    HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test",
    HUBBUB_MEDIA_QUOTA_MB: "2",
  },
});
afterAll(async () => {
  await server.stop();
  data.remove();
  await store.drop();
});
const { api } = await newPerson(await server.url, "ada"); // the first one here is admin
const db = store.database.writer.kysely;

async function becomes(look: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 20_000;
  while (!(await look())) {
    if (performance.now() > until) throw new Error("It did not become so within 20 seconds");
    await Bun.sleep(10);
  }
}

/** Through the whole server: the address that it gives, and its directory. */
async function upload(): Promise<MediaId> {
  const input = { fileName: "a.gif", contentType: "image/gif", size: gif.length, purpose: "avatar" as const };
  const { media, upload: to } = await api.call("createMedia", input);
  await fetch(to.url, { method: to.method, headers: to.headers, body: gif.slice() });
  return media.id;
}

async function confirmed(): Promise<MediaId> {
  const mediaId = await upload();
  await api.call("confirmMedia", { mediaId });
  await becomes(async () => (await stateOf(mediaId)) === "active");
  return mediaId;
}

const stateOf = async (mediaId: MediaId) => (await api.call("getMedia", { mediaId })).media.state;

/** Where its bytes lie, if anywhere. */
const fileOf = (mediaId: MediaId): string | undefined => {
  const name = readdirSync(join(data.path, "media"), { recursive: true, encoding: "utf8" }).find((path) =>
    path.endsWith(mediaId),
  );
  return name && join(data.path, "media", name);
};

/** Runs it once more, after the run that is under way. */
async function run(name: string): Promise<void> {
  const ended = async () => {
    const job = (await api.call("listJobs", {})).items.find((each) => each.name === name);
    if (job === undefined) throw new Error(`There is no job ${name}`);
    if (job.state === "failed") throw new Error(job.failure);
    return job.state === "succeeded";
  };
  await becomes(ended);
  const { rows } = await sql<{ ran_at: Date }>`select ran_at from jobs where name = ${name}`.execute(db);
  const before = rows[0]?.ran_at.getTime();
  await becomes(async () => {
    await api.call("runJob", { name }).catch(() => undefined); // its own turn may have come
    const { rows: now } = await sql<{ ran_at: Date }>`select ran_at from jobs where name = ${name}`.execute(db);
    return now[0]?.ran_at.getTime() !== before;
  });
  await becomes(ended);
}

test("[M6] what is deleted is removed from the disk by a job, and a file that is not there is no error", async () => {
  const [there, missing] = [await confirmed(), await upload()];
  const file = fileOf(there);
  expect(file).toBeDefined();
  await api.call("deleteMedia", { mediaId: there });
  await api.call("deleteMedia", { mediaId: missing });
  const lost = fileOf(missing);
  if (lost !== undefined) await Bun.file(lost).delete();
  await run("delete-media");
  expect([await stateOf(there), await stateOf(missing)]).toEqual(["deleted", "deleted"]);
  expect(fileOf(there)).toBeUndefined();
});

test("[M7] an upload that was never confirmed goes with its bytes after two hours", async () => {
  const [stale, fresh] = [await upload(), await upload()];
  await sql`update media set created_at = created_at - interval '121 minutes' where id = ${stale}`.execute(db);
  await sql`update media set created_at = created_at - interval '119 minutes' where id = ${fresh}`.execute(db);
  await run("end-stale-uploads");
  await run("delete-media");
  expect([await stateOf(stale), await stateOf(fresh)]).toEqual(["deleted", "initiated"]);
  expect(fileOf(stale)).toBeUndefined();
  expect(fileOf(fresh)).toBeDefined();
});

test("[M7] bytes without a row are removed by a job, once they are older than an upload may take", async () => {
  const [old, young, kept] = [await upload(), await upload(), await confirmed()];
  const threeHoursAgo = new Date(Date.now() - 3 * 60 * 60_000);
  for (const mediaId of [old, kept]) {
    const file = fileOf(mediaId);
    if (file === undefined) throw new Error("no bytes");
    utimesSync(file, threeHoursAgo, threeHoursAgo);
  }
  await sql`delete from media where id in (${old}, ${young})`.execute(db);
  await run("remove-orphan-blobs");
  expect(fileOf(old)).toBeUndefined();
  expect(fileOf(young)).toBeDefined();
  expect(fileOf(kept)).toBeDefined();
});

test("[M9] the setting of the quota bounds what one person may upload", async () => {
  const input = { fileName: "a.gif", contentType: "image/gif", size: 1024 * 1024, purpose: "avatar" as const };
  await api.call("createMedia", input);
  await expect(api.call("createMedia", input)).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
});
