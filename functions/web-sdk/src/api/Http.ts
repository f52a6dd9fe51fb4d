import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { Trace } from "./Trace.js";
import type { Problem } from "./wire/sessions.js";

/** Where access tokens come from. */
export interface TokenSource {
  /** @param refused The token that the server has just refused, if any. */
  accessToken(refused?: string): Promise<string>;
}

export interface CallOptions {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** Without an access token. */
  anonymous?: boolean;
  /** Milliseconds for everything, retries included. Default 20,000. */
  deadline?: number;
  /** Milliseconds for one attempt. Default 10,000. */
  attempt?: number;
  /** False for a single attempt, when the caller repeats in its own way. */
  retry?: boolean;
  headers?: Record<string, string>;
  /** Whether the call goes on when the page is closed. */
  keepalive?: boolean;
}

const DEADLINE = 20_000;
const ATTEMPT = 10_000;
const ATTEMPT_PER_USER = 20;

/**
 * How long a call may take that checks and changes many users. The server changes all of them or none, and needs seconds for a thousand. An
 * attempt that is given up too early would start from the beginning.
 */
export function timeForUsers(count: number): Required<Pick<CallOptions, "attempt" | "deadline">> {
  const more = count * ATTEMPT_PER_USER;
  return { attempt: ATTEMPT + more, deadline: DEADLINE + 2 * more };
}

/**
 * Calls the server's HTTP API. Every call ends, with an answer or with a {@link ChatError}. All calls may be repeated without harm. So after a
 * lost network or a busy server, a call is tried again until its deadline.
 */
export class Http {
  tokens?: TokenSource;

  constructor(readonly server: string) {}

  get<T>(path: string, query?: CallOptions["query"]): Promise<T> {
    return this.call<T>("GET", path, { query });
  }

  post<T = void>(path: string, body?: unknown): Promise<T> {
    return this.call<T>("POST", path, { body });
  }

  async call<T = void>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const end = Date.now() + (options.deadline ?? DEADLINE);
    const backoff = new Backoff(250, 4_000);
    const trace = new Trace();
    let unreachable: ChatError | undefined;
    for (;;) {
      try {
        return await this.authorized<T>(method, path, options, trace, Math.max(1, end - Date.now()));
      } catch (error) {
        const failure = ChatError.of(error);
        const pause = failure.retryAfter ?? backoff.next();
        if (failure.reason === "network") unreachable = failure;
        if (options.retry === false || !failure.retryable || Date.now() + pause >= end) {
          // The deadline cuts the last attempt short. What was wrong before that says more.
          throw failure.reason === "timeout" && unreachable ? unreachable : failure;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  private async authorized<T>(method: string, path: string, options: CallOptions, trace: Trace, limit: number): Promise<T> {
    if (options.anonymous) return this.attempt<T>(method, path, options, trace, limit);
    if (!this.tokens) throw ChatError.loggedOut();
    const token = await this.tokens.accessToken();
    try {
      return await this.attempt<T>(method, path, options, trace, limit, token);
    } catch (error) {
      if (ChatError.of(error).code !== 401) throw error;
      // Our clock did not see that the token has expired: renew it, and ask once more.
      return this.attempt<T>(method, path, options, trace, limit, await this.tokens.accessToken(token));
    }
  }

  private async attempt<T>(method: string, path: string, options: CallOptions, trace: Trace, limit: number, token?: string): Promise<T> {
    const headers: Record<string, string> = { traceparent: trace.next(), ...options.headers };
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (options.body !== undefined) headers["Content-Type"] = "application/json";
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), Math.min(limit, options.attempt ?? ATTEMPT));
    try {
      const response = await fetch(this.address(path, options.query), {
        method,
        headers,
        body: options.body === undefined ? undefined : JSON.stringify(options.body),
        signal: abort.signal,
        keepalive: options.keepalive,
        // Tokens travel in the header, so cookies are not needed.
        credentials: "omit",
        cache: "no-store",
      });
      const text = await response.text();
      if (!response.ok) throw problem(response, text);
      return (text ? JSON.parse(text) : undefined) as T;
    } catch (error) {
      if (error instanceof ChatError) throw error;
      throw abort.signal.aborted
        ? new ChatError(408, "timeout", "The server did not answer in time.", true)
        : new ChatError(503, "network", "The server could not be reached.", true);
    } finally {
      clearTimeout(timer);
    }
  }

  private address(path: string, query: CallOptions["query"] = {}): string {
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&");
    return `${this.server}/api/v1/${path}${search ? `?${search}` : ""}`;
  }
}

function problem(response: Response, text: string): ChatError {
  let body: Problem = {};
  try {
    body = (JSON.parse(text) as Problem) ?? {};
  } catch {
    // The body comes from a proxy before the server, not from the API: the status says enough.
  }
  const after = Number(response.headers.get("Retry-After"));
  return new ChatError(
    response.status,
    body.code ?? `http_${response.status}`,
    body.detail ?? body.title ?? `The server answered ${response.status}.`,
    body.retryable ?? (response.status === 429 || response.status >= 500),
    after > 0 ? after * 1_000 : undefined,
  );
}
