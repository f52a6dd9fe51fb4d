/** Milliseconds after the log-in in which an app is expected to ask for something. */
const PATIENCE = 1_000;
/** Milliseconds after the log-in after which nothing is waited for any more. */
const LIMIT = 30_000;

/**
 * What is pending comes when the app has its first screen. Apps show new messages in the conversations that they know, and they learn of these by
 * the recents that they ask for after the log-in. A message that came before would have no place. So messages and receipts are held until the app
 * has its recents, or until what it has asked for is answered. An app that asks for nothing does not wait long.
 */
export class FirstScreen {
  private held: (() => void)[] = [];
  private isClosed = false;
  private asked = 0;
  /** Nothing more is to be expected than the answers that are on their way. */
  private due = false;
  private patience?: ReturnType<typeof setTimeout>;
  private limit?: ReturnType<typeof setTimeout>;

  /** A log-in begins. */
  close(): void {
    this.isClosed = true;
    this.due = false;
    clearTimeout(this.patience);
    clearTimeout(this.limit);
  }

  /** The app has been told that it is logged in. */
  begin(): void {
    if (!this.isClosed) return;
    this.patience = setTimeout(() => {
      this.due = true;
      this.look();
    }, PATIENCE);
    this.limit = setTimeout(() => this.open(), LIMIT);
  }

  /** The app asks for something. */
  ask(): void {
    this.asked++;
  }

  /**
   * The app's callback has been handed over to be called.
   * @param last Whether this is what an app asks for last: its recents, or what is pending.
   */
  answered(last: boolean): void {
    this.asked--;
    if (last) this.due = true;
    // In its callback, the app may ask for more. That has been done when the timer fires.
    if (this.isClosed) setTimeout(() => this.look(), 0);
  }

  /** Runs now, or when the app has its first screen. */
  pass(work: () => void): void {
    if (this.isClosed) this.held.push(work);
    else work();
  }

  /** The log-in has failed, or nothing is waited for any more. */
  open(): void {
    this.close();
    this.isClosed = false;
    for (const work of this.held.splice(0)) work();
  }

  /** The user has logged out: what is held is not for the next one. */
  drop(): void {
    this.held = [];
    this.open();
  }

  private look(): void {
    if (this.isClosed && this.due && this.asked <= 0) this.open();
  }
}
