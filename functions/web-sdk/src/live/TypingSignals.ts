/** Milliseconds between signals to the same user or group. Apps show a signal for three seconds, and each one is paid for. */
const INTERVAL = 2_500;

export type TypingTarget = { to: string } | { group: string };

/** Sends typing signals only as often as they are needed, however often an app asks for them. */
export class TypingSignals {
  private readonly given = new Map<string, number>();

  constructor(private readonly send: (target: TypingTarget) => void) {}

  give(target: TypingTarget): void {
    const key = JSON.stringify(target);
    const now = Date.now();
    if (Math.abs(now - (this.given.get(key) ?? 0)) < INTERVAL) return;
    this.given.set(key, now);
    this.send(target);
  }
}
