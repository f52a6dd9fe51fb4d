import type { ChangeResponse } from "../api/wire/changes.js";
import type { SendResponse } from "../api/wire/messages.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { Pause } from "../base/Pause.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import type { OutboxStore } from "./OutboxStore.js";

/** Messages that may wait at a time, and UTF-16 units of their texts. An app that sends in a loop must not fill the memory without end. */
export const OUTBOX_LIMIT = 10_000;
export const OUTBOX_TEXT_LIMIT = 16_000_000;
/** After so many answers of 500, a message is given up: it must not block the messages behind it for ever. */
const MAX_SERVER_ERRORS = 8;
/** Calls at a time, one per recipient. Browsers open six connections to a server, and other calls need some of them. */
const PARALLEL = 4;

export interface OutboxEvents {
  accepted(entry: OutboxEntry, answer: SendResponse): void;
  /** The entry is a change, and the server has made it. */
  changed(entry: OutboxEntry, answer: ChangeResponse | undefined): void;
  /** A message, or a change. */
  refused(entry: OutboxEntry, error: ChatError): void;
}

/** What the server answers to a message, and to a change. */
export type OutboxAnswer = SendResponse | ChangeResponse | undefined;

/**
 * Sends messages, and changes of messages, until the server has accepted or refused them, in order for each recipient. It goes on after lost networks, server restarts and
 * page reloads. The message's own id makes a repetition harmless.
 */
export class Outbox {
  private readonly lanes = new Map<string, OutboxEntry[]>();
  private readonly active = new Set<string>();
  private readonly ids = new Set<string>();
  private readonly settled = new WeakSet<OutboxEntry>();
  /** Messages that the server may have, although it has not answered. */
  private readonly tried = new WeakSet<OutboxEntry>();
  private readonly pause = new Pause();
  private started = false;
  private closed = false;
  private units = 0;

  constructor(
    private readonly store: OutboxStore,
    private readonly post: (entry: OutboxEntry) => Promise<OutboxAnswer>,
    private readonly events: OutboxEvents,
  ) {}

  get size(): number {
    return this.ids.size;
  }

  /** Whether the message waits here. */
  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Takes over what earlier pages could not send, then begins, with the oldest message first. Messages of pages that end later follow then. */
  async start(): Promise<void> {
    const adopted = await this.store.adopt((left) => this.takeOver(left)).catch(() => []);
    const written = [...this.lanes.values()].flat();
    this.lanes.clear();
    this.ids.clear();
    this.units = 0;
    for (const entry of adopted) this.tried.add(entry);
    for (const entry of [...adopted, ...written]) this.enqueue(entry);
    this.started = true;
    this.pump();
  }

  /** @throws ChatError 703, when too many are waiting. */
  add(entry: OutboxEntry): void {
    if (this.size >= OUTBOX_LIMIT || this.units + entry.data.length > OUTBOX_TEXT_LIMIT) {
      throw new ChatError(703, "outbox_full", `${this.size} messages are waiting to be sent already.`);
    }
    this.store.save(entry);
    this.enqueue(entry);
    this.pump();
  }

  /** Changes a message that has not left yet. @returns false when the server may have it already, or when it is not here. */
  rewrite(id: string, to: string, text: { data: string; mentions?: string[]; mentionsAll?: boolean }): boolean {
    const entry = this.untouched(id, to);
    if (!entry) return false;
    this.units += text.data.length - entry.data.length;
    Object.assign(entry, text);
    this.store.update(entry);
    return true;
  }

  /** Gives up a message that has not left yet. @returns as {@link rewrite}. */
  drop(id: string, to: string, error: ChatError): boolean {
    const entry = this.untouched(id, to);
    if (entry) this.refuse(entry, error);
    return entry !== undefined;
  }

  private untouched(id: string, to: string): OutboxEntry | undefined {
    return this.lanes.get(to)?.find((entry) => entry.id === id && !entry.change && !this.tried.has(entry));
  }

  /** The message came back by the live connection before the answer to its call, or instead of it. */
  settle(id: string, to: string, answer: SendResponse): void {
    const entry = this.lanes.get(to)?.find((e) => e.id === id);
    if (entry) this.accept(entry, answer);
  }

  /** Tries at once: there is reason to believe that it works now. */
  hurry(): void {
    this.pause.end();
  }

  /** Drops everything; each message is reported as refused. */
  clear(error: ChatError): void {
    this.closed = true;
    for (const lane of [...this.lanes.values()]) for (const entry of [...lane]) this.refuse(entry, error);
    this.store.release();
    this.pause.end();
  }

  private takeOver(entries: OutboxEntry[]): void {
    if (this.closed) return;
    for (const entry of entries) {
      this.tried.add(entry);
      this.enqueue(entry);
    }
    this.pump();
  }

  private enqueue(entry: OutboxEntry): void {
    if (this.ids.has(entry.id)) return;
    this.ids.add(entry.id);
    this.units += entry.data.length;
    const lane = this.lanes.get(entry.to) ?? [];
    lane.push(entry);
    this.lanes.set(entry.to, lane);
  }

  private pump(): void {
    if (!this.started) return;
    for (const [to, lane] of this.lanes) {
      if (this.active.size >= PARALLEL) return;
      if (lane.length > 0 && !this.active.has(to)) void this.drain(to, lane);
    }
  }

  private async drain(to: string, lane: OutboxEntry[]): Promise<void> {
    this.active.add(to);
    const backoff = new Backoff(500, 30_000);
    let serverErrors = 0;
    while (lane.length > 0 && !this.closed) {
      const entry = lane[0]!;
      this.tried.add(entry);
      try {
        this.accept(entry, await this.post(entry));
        backoff.reset();
        serverErrors = 0;
      } catch (error) {
        if (this.settled.has(entry) || this.closed) continue;
        const failure = ChatError.of(error);
        if (failure.code === 500) serverErrors++;
        if (!failure.retryable || serverErrors >= MAX_SERVER_ERRORS) {
          this.refuse(entry, failure);
          serverErrors = 0;
        } else {
          await this.pause.wait(Math.max(failure.retryAfter ?? 0, backoff.next()));
        }
      }
    }
    this.active.delete(to);
    if (lane.length === 0) this.lanes.delete(to);
    this.pump();
  }

  private accept(entry: OutboxEntry, answer: OutboxAnswer): void {
    if (!this.strike(entry)) return;
    if (entry.change) return this.events.changed(entry, answer as ChangeResponse | undefined);
    const { conversation, sequence } = answer as SendResponse;
    for (const waiting of this.changesOf(entry)) {
      waiting.change!.place = { conversation, sequence };
      this.store.update(waiting);
    }
    this.events.accepted(entry, answer as SendResponse);
  }

  private refuse(entry: OutboxEntry, error: ChatError): void {
    if (!this.strike(entry)) return;
    this.events.refused(entry, error);
    // What does not exist cannot be changed.
    for (const waiting of this.changesOf(entry)) this.refuse(waiting, error);
  }

  private changesOf({ id, to, change }: OutboxEntry): OutboxEntry[] {
    return change ? [] : (this.lanes.get(to) ?? []).filter((waiting) => waiting.change?.message === id && !waiting.change.place);
  }

  private strike(entry: OutboxEntry): boolean {
    if (this.settled.has(entry)) return false;
    this.settled.add(entry);
    const lane = this.lanes.get(entry.to);
    const index = lane?.indexOf(entry) ?? -1;
    if (index >= 0) lane!.splice(index, 1);
    this.ids.delete(entry.id);
    this.units -= entry.data.length;
    this.store.remove(entry);
    return true;
  }
}
