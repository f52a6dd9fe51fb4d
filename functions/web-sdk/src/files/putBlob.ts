import { ChatError } from "../base/ChatError.js";

/** Milliseconds without any progress after which a request is given up. */
const STALLED = 60_000;

/** One PUT to the storage, with progress where the platform reports it. */
export function putBlob(url: string, body: Blob, signal: AbortSignal, onProgress: (loaded: number) => void): Promise<void> {
  return typeof XMLHttpRequest === "undefined" ? putByFetch(url, body, signal) : putByRequest(url, body, signal, onProgress);
}

async function putByFetch(url: string, body: Blob, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { method: "PUT", body, signal }).catch(() => {
    throw lost();
  });
  if (!response.ok) throw refused(response.status);
}

function putByRequest(url: string, body: Blob, signal: AbortSignal, onProgress: (loaded: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watch: ReturnType<typeof setTimeout>;
    const alive = (): void => {
      clearTimeout(watch);
      watch = setTimeout(() => request.abort(), STALLED);
    };
    const abort = (): void => request.abort();
    const end = (failure?: ChatError): void => {
      clearTimeout(watch);
      signal.removeEventListener("abort", abort);
      if (failure) reject(failure);
      else resolve();
    };
    request.upload.addEventListener("progress", (event) => {
      alive();
      onProgress(Math.min(event.loaded, body.size));
    });
    request.addEventListener("load", () => end(request.status < 300 ? undefined : refused(request.status)));
    request.addEventListener("error", () => end(lost()));
    request.addEventListener("abort", () => end(lost()));
    signal.addEventListener("abort", abort);
    if (signal.aborted) return end(lost());
    request.open("PUT", url);
    alive();
    request.send(body);
  });
}

function lost(): ChatError {
  return new ChatError(503, "network", "The storage could not be reached.", true);
}

/** Always retryable. After a 403 the address has expired or was never valid; a new address will show which. */
function refused(status: number): ChatError {
  return new ChatError(status, `storage_${status}`, `The storage answered ${status}.`, true);
}
