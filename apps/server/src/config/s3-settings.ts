import { z } from "zod";

/** A store that speaks S3, and how to reach it. */
export interface S3Settings {
  /** Where this server reaches it. */
  readonly endpoint: string;
  /** Where browsers reach it. */
  readonly publicUrl: string;
  readonly bucket: string;
  readonly region: string;
  /** Undefined: the usual AWS credential chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

const address = z.string().transform((value, context) => {
  const url = URL.parse(value);
  const isBare = url !== null && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (isBare && ["http:", "https:"].includes(url.protocol)) return url.href.replace(/\/$/, "");
  context.addIssue("expected an address such as https://s3.example.org");
  return z.NEVER;
});

export const s3SettingsShape = {
  S3_ENDPOINT: address.optional(),
  S3_PUBLIC_URL: address.optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected the name of a bucket: 3 to 63 of a-z, 0-9, '.' and '-'")
    .optional(),
  S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, "expected the name of a region, such as eu-central-1")
    .default("us-east-1"),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
};

type Given = z.output<z.ZodObject<typeof s3SettingsShape>> & { readonly HUBBUB_PUBLIC_URL?: string | undefined };

/** Without a bucket there is no S3. */
export function s3SettingsOf(given: Given): S3Settings | undefined {
  const { S3_BUCKET: bucket, S3_REGION: region, S3_ACCESS_KEY: accessKeyId, S3_SECRET_KEY: secretAccessKey } = given;
  if (bucket === undefined) return undefined;
  const endpoint = given.S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`;
  const credentials =
    accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
  return { endpoint, publicUrl: given.S3_PUBLIC_URL ?? endpoint, bucket, region, credentials };
}

/** What is wrong with settings that are right each by itself. */
export function s3Complaints(values: Readonly<Record<string, string | undefined>>): string[] {
  const complaints: string[] = [];
  const others = ["S3_ENDPOINT", "S3_PUBLIC_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY"];
  const given = others.filter((name) => values[name] !== undefined);
  if (given.length > 0 && values["S3_BUCKET"] === undefined)
    complaints.push(`S3_BUCKET: expected with ${given.join(" and ")}`);
  if (values["S3_ACCESS_KEY"] !== undefined && values["S3_SECRET_KEY"] === undefined)
    complaints.push("S3_SECRET_KEY: expected with S3_ACCESS_KEY");
  if (values["S3_SECRET_KEY"] !== undefined && values["S3_ACCESS_KEY"] === undefined)
    complaints.push("S3_ACCESS_KEY: expected with S3_SECRET_KEY");
  const own = URL.parse(values["HUBBUB_PUBLIC_URL"] ?? "")?.origin;
  const shown = values["S3_PUBLIC_URL"] ?? values["S3_ENDPOINT"];
  if (own !== undefined && URL.parse(shown ?? "")?.origin === own)
    complaints.push(
      `${values["S3_PUBLIC_URL"] === undefined ? "S3_ENDPOINT" : "S3_PUBLIC_URL"}: expected another origin than HUBBUB_PUBLIC_URL, where what people uploaded must never run`,
    );
  return complaints;
}
