import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Upload } from "@hubbub/contract";
import type { S3Settings } from "../../config/s3-settings.ts";
import { type BlobStore, type Download, isBlobKey, type NewBlob, type StoredBlob } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";
import { contentDisposition } from "../../ports/content-disposition.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";

/** What we keep in the bucket, which may hold other things. */
const PREFIX = "media/";
/** Milliseconds within which the store answers, its attempts together. */
const PATIENCE_MS = 5_000;
/** Removals under way at once. */
const REMOVALS = 8;
/** Bound by the signature too, as the length is by itself. */
const ALSO_BOUND = new Set(["content-type"]);

/** Blobs in a bucket of any store that speaks S3. */
export class S3BlobStore implements BlobStore {
  readonly #bucket: string;
  /** Reaches the store from here. */
  readonly #client: S3Client;
  /** Signs for the address under which others reach it: a signature holds for one host. */
  readonly #signer: S3Client;
  readonly #clock: Clock;

  constructor({ endpoint, publicUrl, bucket, region, credentials }: S3Settings, clock: Clock) {
    const clientOf = (address: string) =>
      new S3Client({
        endpoint: address,
        region,
        // undefined: the usual chain of the environment, profiles and the machine's role
        ...(credentials !== undefined && { credentials }),
        forcePathStyle: true,
        // not every store knows the newer checksums
        requestChecksumCalculation: "WHEN_REQUIRED",
        responseChecksumValidation: "WHEN_REQUIRED",
      });
    this.#bucket = bucket;
    this.#client = clientOf(endpoint);
    this.#signer = clientOf(publicUrl);
    this.#clock = clock;
  }

  async signUpload({ key, contentType, size }: NewBlob, expiresAt: Date): Promise<Upload> {
    const command = new PutObjectCommand({ ...this.#place(key), ContentType: contentType, ContentLength: size });
    const url = await getSignedUrl(this.#signer, command, {
      ...this.#until(expiresAt),
      signableHeaders: ALSO_BOUND,
    });
    return { method: "PUT", url, headers: { "content-type": contentType }, expiresAt: expiresAt.toISOString() };
  }

  signDownload(blob: Download, expiresAt: Date): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#place(blob.key),
      ResponseContentType: blob.contentType,
      ResponseContentDisposition: contentDisposition(blob),
    });
    return getSignedUrl(this.#signer, command, this.#until(expiresAt));
  }

  async sizeOf(key: string): Promise<number | undefined> {
    const found = await asked(this.#client.send(new HeadObjectCommand(this.#place(key)), deadline()));
    return found?.ContentLength;
  }

  async readStart(key: string, most: number): Promise<Uint8Array> {
    const command = new GetObjectCommand({ ...this.#place(key), Range: `bytes=0-${most - 1}` });
    const patience = deadline();
    const found = await asked(this.#client.send(command, patience).then(({ Body }) => Body?.transformToByteArray()));
    return found ?? new Uint8Array();
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let first = 0; first < keys.length; first += REMOVALS) {
      const some = keys.slice(first, first + REMOVALS);
      // one by one: not every store takes the many in one request that newer clients send
      await Promise.all(
        some.map((key) => asked(this.#client.send(new DeleteObjectCommand(this.#place(key)), deadline()))),
      );
    }
  }

  async list(after: string | undefined, most: number): Promise<readonly StoredBlob[]> {
    const page: StoredBlob[] = [];
    let last = after === undefined ? undefined : PREFIX + after;
    for (;;) {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: PREFIX,
        MaxKeys: most - page.length,
        ...(last !== undefined && { StartAfter: last }),
      });
      const found = await asked(this.#client.send(command, deadline()));
      page.push(...blobsOf(found));
      last = found?.Contents?.at(-1)?.Key;
      if (page.length === most || found?.IsTruncated !== true || last === undefined) return page;
    }
  }

  async check(): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.#bucket });
    const found = await asked(this.#client.send(command, deadline()));
    if (found === undefined) throw new Error(`There is no bucket ${this.#bucket}`);
  }

  #place(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: PREFIX + key };
  }

  /** Signatures count whole seconds from when they were made; one that is over already was made before its end. */
  #until(expiresAt: Date): { readonly signingDate: Date; readonly expiresIn: number } {
    const signingDate = new Date(Math.min(this.#clock.now(), expiresAt.getTime() - 1_000));
    return { signingDate, expiresIn: Math.floor((expiresAt.getTime() - signingDate.getTime()) / 1_000) };
  }
}

function blobsOf(found: ListObjectsV2CommandOutput | undefined): StoredBlob[] {
  return (found?.Contents ?? []).flatMap(({ Key, LastModified }) => {
    const key = Key?.slice(PREFIX.length) ?? "";
    return isBlobKey(key) && LastModified !== undefined ? [{ key, storedAt: LastModified }] : [];
  });
}

const deadline = () => ({ abortSignal: AbortSignal.timeout(PATIENCE_MS) });

/**
 * @returns undefined for what is not there
 * @throws Unavailable when the store is out of reach, too slow or not well; what it refuses is a fault
 */
async function asked<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 416) return undefined;
    const reason = `${status ?? ""} ${error instanceof Error ? `${error.name}: ${error.message}` : ""}`.trim();
    if (status === undefined || status === 429 || status >= 500)
      throw new Unavailable(`The store of media is out of reach (${reason})`, { cause: error });
    throw new Error(`The store of media refuses (${reason})`, { cause: error });
  }
}
