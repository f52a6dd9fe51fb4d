/** A smaller difference is none. Milliseconds. */
const TOLERANCE = 2_000;

/**
 * The server's time. Between answers it goes on by a clock that nobody can set: whoever sets the clock of the device, forward or back, does not
 * change the times of messages.
 */
export class ServerClock {
  private known?: { time: number; at: number };

  /** @param steady Milliseconds of a clock that only goes forward. It may stand still while the machine sleeps. */
  constructor(private readonly steady: () => number = () => performance.now()) {}

  /** Before the first answer: the device's own time. */
  get now(): number {
    return this.known ? this.known.time + this.steady() - this.known.at : Date.now();
  }

  /** Server time − local time, in milliseconds. */
  get offset(): number {
    return this.known ? Math.round(this.now - Date.now()) : 0;
  }

  set(time: number): void {
    this.known = { time, at: this.steady() };
  }

  /**
   * The server has told the time by the way. It counts when this clock is wrong, such as after the machine has slept.
   * @param elapsed Milliseconds that the answer took. So much it may be old.
   */
  check(time: number, elapsed: number): void {
    if (Math.abs(time - this.now) > TOLERANCE + elapsed) this.set(time);
  }
}
