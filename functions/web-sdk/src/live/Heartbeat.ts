/** Milliseconds until the first beat. There is no hurry, because the service's `connected` event has begun the lease. */
const FIRST_BEAT = 5_000;
const RETRY = 5_000;

/** Keeps the presence lease of one live connection alive, three times per lease. */
export class Heartbeat {
  private timer?: ReturnType<typeof setTimeout>;

  constructor(private readonly beat: (connection: string) => Promise<{ leaseSeconds: number }>) {}

  start(connection: string): void {
    this.stop();
    this.schedule(connection, FIRST_BEAT);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(connection: string, milliseconds: number): void {
    const timer = (this.timer = setTimeout(async () => {
      let next = RETRY;
      try {
        next = (await this.beat(connection)).leaseSeconds * (1_000 / 3);
      } catch {
        // The lease lasts long enough for two more tries.
      }
      if (this.timer === timer) this.schedule(connection, Math.max(1_000, next));
    }, milliseconds));
  }
}
