import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { VoxApiError } from "./errors.js";

/** How to reach your project. */
export interface VoxOptions {
  /** The address of the chat server, such as `https://chat.example.com`. */
  address: string;
  /** An API key of the project: `vox_sk_…`. Keep it out of source code. */
  apiKey: string;
  /** How often a request that failed in passing is repeated. 0 to 10, default 3. */
  maxRetries?: number;
  /** The longest pause before a repetition, in ms, whatever the server asks for. Default 30,000. */
  maxRetryDelay?: number;
  /** How long one attempt may take, in ms. Default 30,000. */
  timeout?: number;
  /** Used instead of the global one. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  /** Ends the waiting. What was sent may be done all the same. */
  signal?: AbortSignal;
}

export interface PostOptions extends CallOptions {
  /** With the same key it is done once, whatever happens in between. Default: once for this call. */
  idempotencyKey?: string;
}

export interface ChangeOptions extends CallOptions {
  /** An etag: the change is refused with `precondition_failed` if it is another one by now. */
  ifMatch?: string;
}

interface Wanted {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const PASSING = new Set([408, 429, 502, 503, 504]);

/** Sends requests, and repeats those that failed in passing. */
export class Connection {
  readonly #root: string;
  readonly #options: VoxOptions;

  constructor(options: VoxOptions) {
    const address = new URL(options.address);
    if (address.protocol !== "https:" && address.protocol !== "http:") throw new TypeError("address must be the http or https address of the chat server.");
    if (!options.apiKey?.startsWith("vox_sk_")) throw new TypeError("apiKey must be an API key of the project: vox_sk_…");
    const retries = options.maxRetries ?? 3;
    if (!(retries >= 0 && retries <= 10)) throw new RangeError("maxRetries must be from 0 to 10.");
    this.#root = `${address.href.replace(/\/$/, "")}/api/server/v1/`;
    this.#options = options;
  }

  get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return this.#send<T>({ method: "GET", path, signal: options.signal });
  }

  post<T>(path: string, body: unknown, options: PostOptions = {}): Promise<T> {
    return this.#send<T>({ method: "POST", path, body, headers: { "Idempotency-Key": options.idempotencyKey ?? randomUUID() }, signal: options.signal });
  }

  change<T>(method: "PATCH" | "PUT" | "DELETE", path: string, body: unknown, options: ChangeOptions = {}): Promise<T> {
    return this.#send<T>({ method, path, body, headers: options.ifMatch ? { "If-Match": options.ifMatch } : {}, signal: options.signal });
  }

  /** Goes through all pages of a list. */
  async *all<TItem>(path: string, name: string, options: CallOptions = {}): AsyncGenerator<TItem, void, undefined> {
    for (let next: string | undefined = ""; next !== undefined;) {
      const address: string = next ? `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(next)}` : path;
      const page: Record<string, unknown> = await this.get<Record<string, unknown>>(address, options);
      yield* page[name] as TItem[];
      next = page["next"] as string | undefined;
    }
  }

  async #send<T>(wanted: Wanted): Promise<T> {
    const retries = this.#options.maxRetries ?? 3;
    for (let attempt = 1; ; attempt++) {
      let asked = 0;
      try {
        const response = await this.#fetch(wanted);
        if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
        const error = await errorOf(response);
        if (attempt > retries || !(error.retryable || PASSING.has(error.status))) throw error;
        asked = Number(response.headers.get("Retry-After") ?? 0) * 1000 || 0;
      } catch (error) {
        // Nobody knows whether it was done. All requests can be repeated: a POST has its idempotency key.
        if (error instanceof VoxApiError || wanted.signal?.aborted || attempt > retries) throw error;
      }

      // Grows with each attempt; jitter keeps many servers from repeating at the same moment.
      const own = 50 + Math.random() * 250 * 2 ** Math.min(attempt - 1, 7);
      await pause(Math.min(Math.max(asked, own), this.#options.maxRetryDelay ?? 30_000), undefined, wanted.signal ? { signal: wanted.signal } : {});
    }
  }

  #fetch(wanted: Wanted): Promise<Response> {
    const limit = AbortSignal.timeout(this.#options.timeout ?? 30_000);
    return (this.#options.fetch ?? fetch)(this.#root + wanted.path, {
      method: wanted.method,
      headers: {
        Authorization: `Bearer ${this.#options.apiKey}`,
        ...(wanted.body === undefined ? {} : { "Content-Type": "application/json" }),
        ...wanted.headers,
      },
      ...(wanted.body === undefined ? {} : { body: JSON.stringify(wanted.body) }),
      redirect: "error",
      signal: wanted.signal ? AbortSignal.any([wanted.signal, limit]) : limit,
    });
  }
}

async function errorOf(response: Response): Promise<VoxApiError> {
  const problem = await response.json().catch(() => ({})) as { code?: string; title?: string; detail?: string; field?: string; retryable?: boolean };
  return new VoxApiError(
    response.status, problem.code ?? "unknown", problem.detail ?? problem.title ?? `The server has answered ${response.status} without a reason.`,
    problem.field, problem.retryable ?? false);
}
