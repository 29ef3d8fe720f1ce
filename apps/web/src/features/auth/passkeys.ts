import {
  type NewPasskeyCredential,
  newPasskeyCredential,
  type PasskeyCreation,
  type PasskeyCredential,
  type PasskeyRequest,
  passkeyCredential,
} from "@hubbub/contract";

/** A browser, or its person, gives no passkey. The message is a sentence for people. */
export class PasskeyError extends Error {}

/** Why there are no passkeys here; undefined where there are. Browsers keep them by the name of a server. */
export function withoutPasskeys(): string | undefined {
  if (/^[\d.]+$|^\[/.test(location.hostname))
    return "Passkeys need an address with a name. Open this server by its name, not by its number.";
  const hasThem = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential;
  return hasThem ? undefined : "This browser has no passkeys here. They need a recent browser, and HTTPS.";
}

/** Has the device make a passkey. @throws PasskeyError */
export async function makePasskey(options: PasskeyCreation): Promise<NewPasskeyCredential> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return newPasskeyCredential.parse(await jsonOf(navigator.credentials.create({ publicKey })));
}

/** Has the person choose one of their passkeys. @throws PasskeyError */
export async function askForPasskey(options: PasskeyRequest): Promise<PasskeyCredential> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return passkeyCredential.parse(await jsonOf(navigator.credentials.get({ publicKey })));
}

async function jsonOf(asked: Promise<Credential | null>): Promise<unknown> {
  const credential = await asked.catch((cause: unknown) => {
    throw new PasskeyError(sentenceOf(cause), { cause });
  });
  if (credential instanceof PublicKeyCredential) return credential.toJSON();
  throw new PasskeyError("The browser gave no passkey.");
}

function sentenceOf(cause: unknown): string {
  switch (cause instanceof DOMException ? cause.name : "") {
    case "NotAllowedError":
      return "No passkey was used. It was cancelled, or took too long.";
    case "InvalidStateError":
      return "This device has a passkey for your account already.";
    case "SecurityError":
      return "This server's passkeys belong to another address than this one.";
    default:
      return "The browser could not use a passkey. Try again.";
  }
}
