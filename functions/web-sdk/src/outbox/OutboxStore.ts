import { randomId } from "../base/ids.js";
import type { TextStore } from "../base/TextStore.js";
import type { OutboxEntry } from "./OutboxEntry.js";

/**
 * Keeps the outbox over reloads. Each page writes under a name of its own, and holds a lock on that name while it is open. Messages under a name
 * that nobody holds were left behind. A page of the same user adopts them: the next page that is opened, or an open one that waits for the lock.
 * The page keeps the lock then, so no two pages adopt the same messages. Without locks (old browsers, plain http) the next page adopts at once.
 * Two pages may then send the same message, which the server notices by its id.
 */
export class OutboxStore {
  private readonly owner = randomId(12);
  private readonly keys = new Map<string, string>();
  private readonly followed = new Set<string>();
  private readonly over = new AbortController();
  private readonly released: Promise<void>;
  private number = 0;
  private letGo: () => void = () => {};
  private unwatch: () => void = () => {};

  /** @param scope Project and user: nobody sends another one's messages. */
  constructor(
    private readonly texts: TextStore,
    private readonly scope: string,
    private readonly onFull: () => void,
  ) {
    this.released = new Promise((resolve) => (this.letGo = resolve));
    void this.claim(this.owner, true);
  }

  save(entry: OutboxEntry): void {
    // Padded, so that keys sort in the order of sending.
    const key = `${this.prefix}${this.owner}|${String(++this.number).padStart(9, "0")}`;
    this.write(key, entry);
  }

  /** Something about an entry is different from when it was saved. */
  update(entry: OutboxEntry): void {
    const key = this.keys.get(entry.id);
    if (key) this.write(key, entry);
  }

  private write(key: string, entry: OutboxEntry): void {
    // A page of the release before would send a change as a message. Without the recipient it throws it away.
    const text = JSON.stringify(entry.change ? { ...entry, to: undefined, lane: entry.to } : entry);
    if (this.texts.set(key, text)) this.keys.set(entry.id, key);
    // The message is sent all the same, but would not survive a reload.
    else this.onFull();
  }

  remove(entry: OutboxEntry): void {
    const key = this.keys.get(entry.id);
    if (key) this.texts.remove(key);
    this.keys.delete(entry.id);
  }

  /**
   * @returns what pages that are gone have left behind.
   * @param onLeft Gets what pages that are open now leave behind, as soon as they are closed.
   */
  async adopt(onLeft: (entries: OutboxEntry[]) => void): Promise<OutboxEntry[]> {
    // Pages that begin to write later are noticed when they write.
    if (lockManager() && this.texts.watch) {
      this.unwatch = this.texts.watch((key) => {
        if (this.isForeign(key)) void this.follow(this.ownerOf(key), onLeft);
      });
    }
    const entries: OutboxEntry[] = [];
    for (const owner of new Set(this.foreignKeys().map((key) => this.ownerOf(key)))) {
      if (await this.claim(owner, false)) entries.push(...this.take(owner));
      else void this.follow(owner, onLeft);
    }
    return sorted(entries);
  }

  release(): void {
    this.unwatch();
    this.over.abort();
    this.letGo();
  }

  private async follow(owner: string, onLeft: (entries: OutboxEntry[]) => void): Promise<void> {
    if (this.followed.has(owner)) return;
    this.followed.add(owner);
    if (await this.claim(owner, true)) onLeft(sorted(this.take(owner)));
  }

  private take(owner: string): OutboxEntry[] {
    this.followed.add(owner);
    const entries: OutboxEntry[] = [];
    for (const key of this.foreignKeys().filter((k) => this.ownerOf(k) === owner)) {
      const entry = parse(this.texts.get(key));
      if (entry) {
        this.keys.set(entry.id, key);
        entries.push(entry);
      } else {
        this.texts.remove(key);
      }
    }
    return entries;
  }

  private get prefix(): string {
    return `vox.outbox|${this.scope}|`;
  }

  private foreignKeys(): string[] {
    return this.texts.keys().filter((key) => this.isForeign(key)).sort();
  }

  private isForeign(key: string): boolean {
    return key.startsWith(this.prefix) && this.ownerOf(key) !== this.owner;
  }

  private ownerOf(key: string): string {
    return key.slice(this.prefix.length).split("|")[0]!;
  }

  private lockName(owner: string): string {
    return `${this.prefix}${owner}`;
  }

  /** Takes the lock of a page and keeps it until the release. @returns whether this page has it now. */
  private claim(owner: string, wait: boolean): Promise<boolean> {
    const locks = lockManager();
    if (!locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      locks
        .request(this.lockName(owner), wait ? { signal: this.over.signal } : { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock ? this.released : undefined;
        })
        // Either the wait was given up, or the browser forbids locks on this page, which is the same as having none.
        .catch(() => resolve(!wait));
    });
  }
}

function sorted(entries: OutboxEntry[]): OutboxEntry[] {
  return entries.sort((a, b) => a.clientTime - b.clientTime || a.clientSequence - b.clientSequence);
}

function lockManager(): LockManager | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.locks;
}

function parse(text: string | null): OutboxEntry | undefined {
  try {
    const { lane, ...entry } = JSON.parse(text ?? "") as OutboxEntry & { lane?: string };
    if (lane && entry.change) entry.to = lane;
    return typeof entry.id === "string" && typeof entry.to === "string" && typeof entry.data === "string" ? entry : undefined;
  } catch {
    return undefined;
  }
}
