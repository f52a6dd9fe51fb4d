/** Milliseconds until the first beat. There is no hurry, because the service's `connected` event has begun the lease. */
const FIRST_BEAT = 5_000;
const RETRY = 5_000;
/** Milliseconds: who goes through a list of conversations does not tell of each. Push messages come later than this. */
const SETTLED = 1_000;

/** Keeps the presence lease of one live connection alive, three times per lease, and tells which conversation the user sees. */
export class Heartbeat {
  private timer?: ReturnType<typeof setTimeout>;
  private connection?: string;
  private view?: string;
  /** The server wants to know at once: users of the project get push messages. */
  private hurries = false;

  constructor(private readonly beat: (connection: string, view?: string) => Promise<{ leaseSeconds: number; push?: boolean }>) {}

  start(connection: string): void {
    this.stop();
    this.connection = connection;
    this.schedule(connection, FIRST_BEAT);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = this.connection = undefined;
  }

  /** @param view The id of the conversation that the user sees now; undefined for none. */
  look(view: string | undefined): void {
    if (view === this.view) return;
    this.view = view;
    if (!this.connection || !this.hurries) return;
    clearTimeout(this.timer);
    this.schedule(this.connection, SETTLED);
  }

  private schedule(connection: string, milliseconds: number): void {
    const timer = (this.timer = setTimeout(async () => {
      let next = RETRY;
      try {
        const told = await this.beat(connection, this.view);
        this.hurries = told.push === true;
        next = told.leaseSeconds * (1_000 / 3);
      } catch {
        // The lease lasts long enough for two more tries.
      }
      if (this.timer === timer) this.schedule(connection, Math.max(1_000, next));
    }, milliseconds));
  }
}
