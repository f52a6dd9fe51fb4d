import type { TextStore } from "../base/TextStore.js";

/** How far the app of this device has been told about one conversation. */
export interface ToldMark {
  /** Own messages up to here were told, and the server knows that those of others up to here have arrived. */
  position: number;
  /** Receipts of own messages that were told. */
  delivered: number;
  read: number;
  /** The epoch of these sequences; absent for 0. */
  epoch?: number;
}

export interface ToldOf {
  id: string;
  told: ToldMark;
}

/** Conversations that are written down. With more, those of an earlier page count as told. */
const LIMIT = 1_000;
/** Milliseconds between writing: a lively chat must not write all the time. */
const INTERVAL = 1_000;

/**
 * What the app of this device has been told about own messages and their receipts. It survives reloads. So an app hears of each once, and of
 * nothing from before the first log-in on this device. A logout removes what is written down; on the same page it is remembered.
 */
export class Told {
  private readonly key: string;
  private marks: Map<string, ToldMark>;
  /** Whether the user was logged in on this device before. */
  private known: boolean;
  /** Whether there were more conversations than were written down. */
  private cut = false;
  private timer?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly texts: TextStore,
    scope: string,
  ) {
    this.key = `vox.told|${scope}`;
    const written = this.read();
    this.known = written !== undefined;
    this.marks = written ?? new Map();
    this.cut = this.marks.size >= LIMIT;
  }

  /** @returns undefined when everything about the conversation counts as told: it is from before the first log-in. */
  of(conversation: string): ToldMark | undefined {
    const mark = this.marks.get(conversation);
    if (mark || !this.known || this.cut) return mark;
    return { position: 0, delivered: 0, read: 0 };
  }

  /** Something was told: writes it down, a little later. */
  note(conversations: () => Iterable<ToldOf>): void {
    this.timer ??= setTimeout(() => this.flush(conversations()), INTERVAL);
  }

  /** Writes down now, because the page may go away. */
  flush(conversations: Iterable<ToldOf>): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { id, told } of conversations) this.marks.set(id, told);
    this.known = true;
    // Other pages of this browser write too.
    for (const [id, other] of this.read() ?? []) {
      const own = this.marks.get(id) ?? other;
      // The server was restored, and one of the pages does not know yet.
      if ((own.epoch ?? 0) !== (other.epoch ?? 0)) {
        this.marks.set(id, (own.epoch ?? 0) > (other.epoch ?? 0) ? own : other);
        continue;
      }
      this.marks.set(id, {
        ...own,
        position: Math.max(own.position, other.position), delivered: Math.max(own.delivered, other.delivered), read: Math.max(own.read, other.read),
      });
    }
    this.cut ||= this.marks.size > LIMIT;
    const kept = [...this.marks].slice(-LIMIT);
    this.texts.set(this.key, JSON.stringify(Object.fromEntries(kept.map(([id, m]) => [id, [m.position, m.delivered, m.read, ...(m.epoch ? [m.epoch] : [])]]))));
  }

  /** The user has logged out: nothing of theirs stays in the browser. */
  forget(conversations?: Iterable<ToldOf>): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (conversations) this.flush(conversations);
    this.texts.remove(this.key);
  }

  private read(): Map<string, ToldMark> | undefined {
    try {
      const written = JSON.parse(this.texts.get(this.key) ?? "") as Record<string, [number, number, number, number?]>;
      return new Map(Object.entries(written).map(([id, [position, delivered, read, epoch]]) => [id, { position, delivered, read, ...(epoch ? { epoch } : {}) }]));
    } catch {
      // Nothing was written, or by somebody else.
      return undefined;
    }
  }
}
