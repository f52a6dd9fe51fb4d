export type Callback = (...values: never[]) => void;

/**
 * Runs the app's functions: in the order in which they were handed in, never inside the call that hands them in, each on its own. What an app
 * throws is its affair; the next function runs all the same.
 */
export class Dispatcher {
  private readonly queue: (() => void)[] = [];

  /** @param target What `this` is inside. */
  call(callback: unknown, target: unknown, ...values: unknown[]): void {
    if (typeof callback !== "function") return;
    this.queue.push(() => callNow(callback, target, ...values));
    // Not a timer: those of hidden pages run once a second.
    if (this.queue.length === 1) queueMicrotask(() => this.drain());
  }

  private drain(): void {
    while (this.queue.length > 0) {
      this.queue[0]!();
      this.queue.shift();
    }
  }
}

/** At once, for the checks that the original answers at once. */
export function callNow(callback: unknown, target: unknown, ...values: unknown[]): void {
  if (typeof callback !== "function") return;
  try {
    callback.apply(target, values);
  } catch (error) {
    console.error("A callback of the app failed.", error);
  }
}

/** Argument lists grew over the generations of the SDK, the callback is the last function among them. */
export function lastFunction(values: unknown[]): unknown {
  return values.findLast((value) => typeof value === "function");
}
