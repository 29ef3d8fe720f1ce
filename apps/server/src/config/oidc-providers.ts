export interface OidcProvider {
  readonly id: string;
  readonly name: string;
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

const PARTS = ["ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME"] as const;
type Part = (typeof PARTS)[number];

const settingOf = (id: string, part: Part): string => `OIDC_${id.toUpperCase().replaceAll("-", "_")}_${part}`;

/**
 * The OpenID Connect providers of `OIDC_PROVIDERS=acme,other`, each with settings of its own, such as
 * `OIDC_ACME_ISSUER`. Complaints name the setting and never repeat its value.
 * @param given the settings that are not empty
 */
export function parseOidcProviders(given: Readonly<Record<string, string | undefined>>): {
  readonly providers: readonly OidcProvider[];
  readonly complaints: readonly string[];
} {
  const ids = (given["OIDC_PROVIDERS"] ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  const complaints: string[] = [];
  if (ids.some((id) => !/^[a-z][a-z0-9-]{0,31}$/.test(id)) || new Set(ids).size < ids.length)
    complaints.push("OIDC_PROVIDERS: expected different names of a-z, 0-9 and '-', separated by commas");
  const expected = new Set(["OIDC_PROVIDERS", ...ids.flatMap((id) => PARTS.map((part) => settingOf(id, part)))]);
  for (const name of Object.keys(given))
    if (name.startsWith("OIDC_") && !expected.has(name))
      complaints.push(`${name}: belongs to no provider that OIDC_PROVIDERS names`);
  const providers = ids.map((id) => parseProvider(id, given, complaints));
  return { providers: providers.filter((provider) => provider !== undefined), complaints };
}

function parseProvider(
  id: string,
  given: Readonly<Record<string, string | undefined>>,
  complaints: string[],
): OidcProvider | undefined {
  const read = (part: Part): string | undefined => given[settingOf(id, part)];
  const issuer = URL.parse(read("ISSUER") ?? "");
  const [clientId, clientSecret] = [read("CLIENT_ID"), read("CLIENT_SECRET")];
  if (issuer === null || !isSafe(issuer))
    complaints.push(
      `${settingOf(id, "ISSUER")}: expected the provider's https address, such as https://login.example.org`,
    );
  if (clientId === undefined) complaints.push(`${settingOf(id, "CLIENT_ID")}: expected the id that the provider gave`);
  if (clientSecret === undefined)
    complaints.push(`${settingOf(id, "CLIENT_SECRET")}: expected the secret that the provider gave`);
  if (issuer === null || clientId === undefined || clientSecret === undefined) return undefined;
  return { id, name: read("NAME") ?? id, issuer, clientId, clientSecret };
}

/** Plain http would let anyone on the way say who someone is; on this machine nobody is on the way. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname));
}
