/** As far as it is used here; a trusted address passes where TypeScript's library wants a text. */
interface TrustedTypePolicy {
  createScriptURL(path: string): string;
}

interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: TrustedTypePolicy): TrustedTypePolicy;
  };
}
