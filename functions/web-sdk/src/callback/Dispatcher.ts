export type Callback = (...values: never[]) => void;

/**
 * Runs the app's functions in the order in which they were handed in, but never inside the call that hands them in. When a function throws, the
 * next one still runs.
 */
export class Dispatcher {
  private readonly queue: (() => void)[] = [];

  /** @param target What `this` is inside. */
  call(callback: unknown, target: unknown, ...values: unknown[]): void {
    if (typeof callback !== "function") return;
    this.queue.push(() => callNow(callback, target, ...values));
    // No timer: in hidden pages, timers run only once a second.
    if (this.queue.length === 1) queueMicrotask(() => this.drain());
  }

  private drain(): void {
    while (this.queue.length > 0) {
      this.queue[0]!();
      this.queue.shift();
    }
  }
}

/** Calls at once, for the checks that the original answers at once. */
export function callNow(callback: unknown, target: unknown, ...values: unknown[]): void {
  if (typeof callback !== "function") return;
  try {
    callback.apply(target, values);
  } catch (error) {
    console.error("A callback of the app failed.", error);
  }
}

/** Finds the callback. Argument lists have grown over the versions of the SDK, but the callback is always the last function. */
export function lastFunction(values: unknown[]): unknown {
  return values.findLast((value) => typeof value === "function");
}
