/** One call as the server's traces name it, by W3C Trace Context (https://www.w3.org/TR/trace-context/): a trace for the call, a span for each attempt. */
export class Trace {
  private readonly id = hex(16);

  /** The value of the header `traceparent` of the next attempt. Sampled: what is kept is decided by the server. */
  next(): string {
    return `00-${this.id}-${hex(8)}-01`;
  }
}

function hex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
