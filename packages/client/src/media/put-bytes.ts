import type { Upload } from "@hubbub/contract";
import { HubbubError } from "../hubbub-error.ts";

/** A store that says nothing for this long is treated as unreachable, milliseconds. */
const patience = 60_000;

/**
 * Puts a file's bytes where the server said [M1].
 * @param onSent hears how many bytes have left; only where the runtime can tell, as browsers do
 * @throws HubbubError, or the signal's reason
 */
export function putBytes(
  upload: Upload,
  bytes: Blob,
  onSent: (sent: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return typeof XMLHttpRequest === "undefined" ? byFetch(upload, bytes, signal) : byXhr(upload, bytes, onSent, signal);
}

/** `fetch` tells nothing of what has left. */
function byXhr(
  { method, url, headers }: Upload,
  bytes: Blob,
  onSent: (sent: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => request.abort();
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(stop, patience);
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => {
      heard();
      onSent(loaded);
    };
    request.onload = () =>
      isThere(request.status) ? resolve() : reject(HubbubError.fromStatus(request.status, refusalOf(request.status)));
    request.onerror = () => reject(HubbubError.network(undefined));
    request.onabort = () => reject(signal.aborted ? signal.reason : HubbubError.network(undefined));
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop);
    heard();
    request.send(bytes);
  });
}

async function byFetch({ method, url, headers }: Upload, bytes: Blob, signal: AbortSignal): Promise<void> {
  const { status } = await fetch(url, { method, headers, body: bytes, signal }).catch((cause: unknown) => {
    throw signal.aborted ? signal.reason : HubbubError.network(cause);
  });
  if (!isThere(status)) throw HubbubError.fromStatus(status, refusalOf(status));
}

/** What was uploaded already, by a try whose answer was lost, is there: confirming judges it. */
const isThere = (status: number): boolean => (status >= 200 && status < 300) || status === 409 || status === 412;

const refusalOf = (status: number): string => `The file was not accepted (${status}).`;
