import { randomId } from "../core/ids.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import type { TextStore } from "./TextStore.js";

/**
 * Keeps the outbox over reloads. Each page writes under a name of its own and holds a lock on it while it lives; what lies under a name that
 * nobody holds was left behind and is adopted by the next page of the same user. Without locks (old browsers, plain http) it is adopted at
 * once: two pages may then send the same message, which the server notices by its id.
 */
export class OutboxStore {
  private readonly owner = randomId(12);
  private readonly keys = new Map<string, string>();
  private number = 0;
  private letGo: () => void = () => {};

  /** @param scope Project and user: nobody sends another one's messages. */
  constructor(
    private readonly texts: TextStore,
    private readonly scope: string,
    private readonly onFull: () => void,
  ) {
    const locks = lockManager();
    void locks?.request(this.lockName(this.owner), () => new Promise<void>((resolve) => (this.letGo = resolve))).catch(() => {});
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

  async adopt(): Promise<OutboxEntry[]> {
    const entries: OutboxEntry[] = [];
    const foreign = this.foreignKeys().sort();
    for (const owner of new Set(foreign.map((key) => this.ownerOf(key)))) {
      if (await this.isAlive(owner)) continue;
      for (const key of foreign.filter((k) => this.ownerOf(k) === owner)) {
        const entry = parse(this.texts.get(key));
        if (entry) this.keys.set(entry.id, key);
        else this.texts.remove(key);
        if (entry) entries.push(entry);
      }
    }
    return entries.sort((a, b) => a.clientTime - b.clientTime || a.clientSequence - b.clientSequence);
  }

  release(): void {
    this.letGo();
  }

  private get prefix(): string {
    return `vox.outbox|${this.scope}|`;
  }

  private foreignKeys(): string[] {
    return this.texts.keys().filter((key) => key.startsWith(this.prefix) && this.ownerOf(key) !== this.owner);
  }

  private ownerOf(key: string): string {
    return key.slice(this.prefix.length).split("|")[0]!;
  }

  private lockName(owner: string): string {
    return `${this.prefix}${owner}`;
  }

  private async isAlive(owner: string): Promise<boolean> {
    try {
      return (await lockManager()?.request(this.lockName(owner), { ifAvailable: true }, (lock) => lock === null)) ?? false;
    } catch {
      return false;
    }
  }
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
