import { randomId } from "../base/ids.js";
import type { TextStore } from "../base/TextStore.js";
import type { OutboxEntry } from "./OutboxEntry.js";

/**
 * Keeps the outbox over reloads. Each page writes under a name of its own and holds a lock on it while it lives; what lies under a name that
 * nobody holds was left behind and is adopted by a page of the same user: by the next one that is opened, or by one that is open already and
 * has queued for the lock. Who adopts keeps the lock, so no two pages adopt the same. Without locks (old browsers, plain http) the next page
 * adopts at once: two pages may then send the same message, which the server notices by its id.
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
    // Sorts by the order of sending.
    const key = `${this.prefix}${this.owner}|${String(++this.number).padStart(9, "0")}`;
    if (this.texts.set(key, JSON.stringify(entry))) this.keys.set(entry.id, key);
    // It is sent all the same, it only would not survive a reload.
    else this.onFull();
  }

  remove(entry: OutboxEntry): void {
    const key = this.keys.get(entry.id);
    if (key) this.texts.remove(key);
    this.keys.delete(entry.id);
  }

  /**
   * What pages that are gone left behind.
   * @param onLeft Gets what pages that live now leave behind, as soon as they are gone.
   */
  async adopt(onLeft: (entries: OutboxEntry[]) => void): Promise<OutboxEntry[]> {
    // Pages that begin to write after this look are seen by their writing.
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

  /** Whether the lock of that page is this one's now; it is then kept until the release. */
  private claim(owner: string, wait: boolean): Promise<boolean> {
    const locks = lockManager();
    if (!locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      locks
        .request(this.lockName(owner), wait ? { signal: this.over.signal } : { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock ? this.released : undefined;
        })
        // Waiting was given up; or the browser does not let this page have locks, which is as if it had none.
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
    const entry = JSON.parse(text ?? "") as OutboxEntry;
    return typeof entry.id === "string" && typeof entry.to === "string" && typeof entry.data === "string" ? entry : undefined;
  } catch {
    return undefined;
  }
}
