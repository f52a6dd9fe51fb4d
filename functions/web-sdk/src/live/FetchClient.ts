import { HttpClient, HttpError, HttpResponse, AbortError, TimeoutError, type HttpRequest } from "@microsoft/signalr";

/** HTTP for SignalR with `fetch`, in browsers and in Node. SignalR's own client needs more packages in Node. */
export class FetchClient extends HttpClient {
  /** @param onRefused Called with a token that was answered with 401. SignalR's own errors do not say which token it was. */
  constructor(private readonly onRefused: (token: string) => void) {
    super();
  }

  override async send(request: HttpRequest): Promise<HttpResponse> {
    if (request.abortSignal?.aborted) throw new AbortError();
    const abort = new AbortController();
    if (request.abortSignal) request.abortSignal.onabort = () => abort.abort();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      abort.abort();
    }, request.timeout ?? 15_000);
    try {
      const response = await fetch(request.url!, {
        method: request.method ?? "GET",
        headers: { "X-Requested-With": "XMLHttpRequest", ...request.headers },
        body: request.content || undefined,
        signal: abort.signal,
        credentials: "omit",
        cache: "no-store",
      });
      if (response.status === 401) this.onRefused(request.headers?.["Authorization"]?.replace(/^Bearer /, "") ?? "");
      if (!response.ok) throw new HttpError(response.statusText || `HTTP ${response.status}`, response.status);
      const content = request.responseType === "arraybuffer" ? await response.arrayBuffer() : await response.text();
      return new HttpResponse(response.status, response.statusText, content);
    } catch (error) {
      if (timedOut) throw new TimeoutError();
      throw abort.signal.aborted ? new AbortError() : error;
    } finally {
      clearTimeout(timer);
      if (request.abortSignal) request.abortSignal.onabort = null;
    }
  }
}
