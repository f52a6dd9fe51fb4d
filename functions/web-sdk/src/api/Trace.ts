/** Names a call for the server's traces (https://www.w3.org/TR/trace-context/): one trace for the call, and a span for each attempt. */
export class Trace {
  private readonly id = hex(16);

  /** The header `traceparent` of the next attempt. It is always marked as sampled: the server decides what is kept. */
  next(): string {
    return `00-${this.id}-${hex(8)}-01`;
  }
}

function hex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
