import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { S3Settings } from "../config/s3-settings.ts";
import { endWithUs, temporaryDirectory } from "./server-process.ts";

/** A real server that speaks S3, of OpenStack Swift: it checks every signature, and every header that is signed. */
export class S3Server {
  readonly settings: S3Settings;
  readonly #child: Bun.Subprocess;
  readonly #remove: () => void;

  private constructor(settings: S3Settings, child: Bun.Subprocess, remove: () => void) {
    this.settings = settings;
    this.#child = child;
    this.#remove = remove;
  }

  /** Starts one with an empty bucket. @param ringBuilder a program of Swift, whose first line names its Python */
  static async start(ringBuilder: string): Promise<S3Server> {
    const directory = temporaryDirectory();
    const [, python = "python3"] = /^#!\s*(\S+)/.exec(readFileSync(ringBuilder, "utf8")) ?? [];
    const credentials = { accessKeyId: "test:tester", secretAccessKey: "secret-of-s3" };
    const child = Bun.spawn(
      [...endWithUs, python, join(import.meta.dir, "s3-server.py"), directory.path, "0", credentials.secretAccessKey],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const endpoint = await firstLine(child.stdout);
    const settings = { endpoint, publicUrl: endpoint, bucket: "media", region: "us-east-1", credentials };
    const client = new S3Client({ ...settings, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: settings.bucket }));
    return new S3Server(settings, child, directory.remove);
  }

  /** From now on it takes connections and says nothing, until it goes on. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  goOn(): void {
    this.#child.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
    this.#remove();
  }
}

async function firstLine(output: ReadableStream<Uint8Array>): Promise<string> {
  const reader = output.getReader();
  const decoder = new TextDecoder();
  for (let text = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The S3 server ended before it listened");
    text += decoder.decode(value, { stream: true });
    const end = text.indexOf("\n");
    if (end !== -1) return text.slice(0, end);
  }
}
