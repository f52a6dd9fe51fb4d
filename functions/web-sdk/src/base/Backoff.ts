/** Doubling pauses with jitter: a thousand clients that lost the same server must not come back in the same instant. */
export class Backoff {
  private attempt = 0;

  constructor(
    private readonly first: number,
    private readonly cap: number,
  ) {}

  /** The next pause in milliseconds, between half of the full pause and all of it. */
  next(): number {
    const pause = Math.min(this.cap, this.first * 2 ** Math.min(this.attempt++, 20));
    return pause / 2 + (Math.random() * pause) / 2;
  }

  reset(): void {
    this.attempt = 0;
  }
}
