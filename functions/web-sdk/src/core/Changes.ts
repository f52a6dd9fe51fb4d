import type { MessageEvent } from "../api/wire/messages.js";

/** So many changed messages are remembered in a conversation. An older one counts as it is told. */
const MAX_STATES = 1_000;

/**
 * What is known of the changes in one conversation. Each message counts in the state with the highest number: so it makes no difference if a change
 * comes twice, or after a later one.
 */
export class Changes {
  /** All changes up to here are known. Undefined while nobody has said how many there were before. */
  through?: number;
  /** The highest number that is known to exist. */
  last = 0;
  /** The server was restored: nobody knows what of the changes is still so. */
  isLost = false;

  private readonly ahead = new Set<number>();
  private readonly states = new Map<number, MessageEvent>();

  get hasGap(): boolean {
    return this.through !== undefined && this.last > this.through;
  }

  /** Everything before is as it is shown, or will be loaded again. */
  begin(through: number | undefined): void {
    this.isLost = false;
    this.through = through;
    this.last = through ?? 0;
    this.ahead.clear();
    this.states.clear();
  }

  lose(): void {
    this.begin(undefined);
    this.isLost = true;
  }

  /** A change came by itself. */
  came(change: number): void {
    this.exists(change);
    this.through ??= change - 1;
    if (change > this.through) this.ahead.add(change);
    this.cover(this.through);
  }

  exists(change: number): void {
    this.last = Math.max(this.last, change);
  }

  /** All changes up to this one are here. */
  cover(through: number): void {
    this.through = Math.max(this.through ?? 0, through);
    this.exists(this.through);
    while (this.ahead.delete(this.through + 1)) this.through++;
    for (const change of this.ahead) if (change <= this.through) this.ahead.delete(change);
  }

  known(sequence: number): MessageEvent | undefined {
    return this.states.get(sequence);
  }

  /**
   * Remembers a message as it was changed.
   * @param personal Told to this user, so that it says which reactions are their own.
   * @returns whether anything is new.
   */
  take(message: MessageEvent, personal: boolean): boolean {
    if (!message.change) return false;
    const before = this.states.get(message.sequence);
    const newer = message.change - (before?.change ?? 0);
    if (newer < 0 || (newer === 0 && !personal)) return false;
    this.states.delete(message.sequence);
    this.states.set(message.sequence, message);
    if (this.states.size > MAX_STATES) this.states.delete(this.states.keys().next().value!);
    return newer > 0 || JSON.stringify(before!.reactions) !== JSON.stringify(message.reactions);
  }

  /** The newest state of a message that came in another way: as a message, or in a page. */
  newer(message: MessageEvent, personal = false): MessageEvent {
    this.take(message, personal);
    const known = this.states.get(message.sequence);
    if (!known || known.change! <= (message.change ?? 0)) return message;
    // Changes do not tell how far a message has got.
    return { ...known, ...(message.deliveredAt ? { deliveredAt: message.deliveredAt } : {}), ...(message.readAt ? { readAt: message.readAt } : {}) };
  }
}
