import type { Receipt } from "../api/wire/messages.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { Pause } from "../base/Pause.js";

const PER_CALL = 100;
/** Milliseconds between calls. The first call after a silence leaves almost at once, so that a lively chat feels lively. */
const INTERVAL = 1_000;
const FIRST = 25;

interface Pending extends Receipt {
  waiting: { resolve: () => void; reject: (error: ChatError) => void }[];
}

/** Collects receipts. A receipt covers all earlier messages of its conversation, so only the last of many is sent. */
export class Receipts {
  private pending = new Map<string, Pending>();
  private running = false;
  private lastCall = -Infinity;
  private readonly pause = new Pause();
  private readonly backoff = new Backoff(1_000, 30_000);
  private closed = false;

  constructor(private readonly send: (receipts: Receipt[], keepalive?: boolean) => Promise<unknown>) {}

  /** @returns when the server knows; callers that do not care may ignore it. */
  add(receipt: Receipt): Promise<void> {
    if (this.closed) return Promise.reject(ChatError.loggedOut());
    const entry = this.pending.get(receipt.conversation) ?? { conversation: receipt.conversation, waiting: [] };
    this.merge(entry, receipt);
    const known = new Promise<void>((resolve, reject) => entry.waiting.push({ resolve, reject }));
    known.catch(() => {});
    if (!this.running) void this.run();
    return known;
  }

  /** Messages after `sequence` do not exist any more: others will have their sequences. */
  limit(conversation: string, sequence: number): void {
    const entry = this.pending.get(conversation);
    if (entry?.delivered) entry.delivered = Math.min(entry.delivered, sequence);
    if (entry?.read) entry.read = Math.min(entry.read, sequence);
  }

  /** Sends what is pending now, because the page may go away. */
  flush(): void {
    const batch = [...this.pending.values()].slice(0, PER_CALL);
    if (batch.length > 0) void Promise.resolve(this.send(batch.map(wire), true)).catch(() => {});
  }

  close(): void {
    this.closed = true;
    for (const entry of this.pending.values()) for (const waiter of entry.waiting) waiter.reject(ChatError.loggedOut());
    this.pending.clear();
    this.pause.end();
  }

  private merge(entry: Pending, receipt: Receipt): void {
    if (receipt.delivered) entry.delivered = Math.max(entry.delivered ?? 0, receipt.delivered);
    if (receipt.read) entry.read = Math.max(entry.read ?? 0, receipt.read);
    this.pending.set(entry.conversation, entry);
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.pending.size > 0 && !this.closed) {
      await this.pause.wait(Math.max(FIRST, this.lastCall + INTERVAL - Date.now()));
      const batch = [...this.pending.values()].slice(0, PER_CALL);
      if (batch.length === 0) break;
      for (const entry of batch) this.pending.delete(entry.conversation);
      this.lastCall = Date.now();
      await this.post(batch);
    }
    this.running = false;
  }

  private async post(batch: Pending[]): Promise<void> {
    try {
      await this.send(batch.map(wire));
      this.backoff.reset();
      for (const entry of batch) for (const waiter of entry.waiting) waiter.resolve();
    } catch (error) {
      const failure = ChatError.of(error);
      if (!failure.retryable || this.closed) {
        for (const entry of batch) for (const waiter of entry.waiting) waiter.reject(failure);
        return;
      }
      for (const entry of batch) {
        const newer = this.pending.get(entry.conversation);
        if (newer) entry.waiting.push(...newer.waiting);
        this.merge(entry, newer ?? entry);
      }
      await this.pause.wait(this.backoff.next());
    }
  }
}

function wire({ conversation, delivered, read }: Pending): Receipt {
  return { conversation, delivered, read };
}
