import type { MessageEvent, MessageExtras, Place, Quote } from "../src/index.js";

export enum Delivery {
  Sending = "Sending",
  Failed = "Not sent",
  Sent = "Sent",
  Delivered = "Delivered",
  Read = "Read",
}

export interface ShownMessage {
  id: string;
  mine: boolean;
  /** Who wrote it. Absent when it was the user. */
  from?: string;
  data: string;
  type: number;
  at: number;
  /** Absent until the server has it. */
  sequence?: number;
  failure?: string;
  /** Of a file. */
  thumbnail?: string;
  size: number;
  /** While it is on its way. */
  upload?: { loaded: number; total: number };
  /** As the server knows it. */
  event?: MessageEvent;
  quote?: Quote;
  /** What goes with it, so that it can be sent again. */
  extras?: SendExtras;
  /** A new text that the server does not have yet. */
  rewritten?: string;
}

export interface SendExtras extends MessageExtras {
  replyTo?: number;
  forward?: Place;
}

/** What a bubble looks like besides its text. */
export function stateOf({ event, quote, rewritten, data }: ShownMessage): string {
  const { change, reactions, deletedAt, editedAt, pinnedAt } = event ?? {};
  return JSON.stringify([change, reactions, deletedAt, editedAt, pinnedAt, quote?.sequence, rewritten, data]);
}

/** The messages of one conversation that are shown: a part of its end, and what is still to be sent. */
export class Thread {
  messages: ShownMessage[] = [];
  /** Everything from the beginning is here. */
  whole = false;
  loading = false;
  error?: string;
  /** Sequences of messages that the user has deleted for themself. */
  private readonly holes = new Set<number>();

  /** Those that the server has. */
  get accepted(): ShownMessage[] {
    return this.messages.filter((m) => m.sequence !== undefined);
  }

  /**
   * The sequence with which the unbroken end begins. What is told live leaves out own messages that other devices know.
   * @param last The newest message of the conversation, as far as known.
   * @returns undefined when the newest message is missing.
   */
  endFrom(last = 0): number | undefined {
    const sequences = this.accepted.map((m) => m.sequence!);
    let i = sequences.length - 1;
    if (i < 0 || sequences[i]! < last) return undefined;
    while (i > 0 && this.follows(sequences[i - 1]!, sequences[i]!)) i--;
    return sequences[i];
  }

  private follows(before: number, after: number): boolean {
    let next = after - 1;
    while (next > before && this.holes.has(next)) next--;
    return next === before;
  }

  at(sequence: number): ShownMessage | undefined {
    return this.messages.find((m) => m.sequence === sequence);
  }

  /** The user has deleted messages for themself. */
  hide(sequences: readonly number[]): void {
    for (const sequence of sequences) this.holes.add(sequence);
    this.messages = this.messages.filter((m) => m.sequence === undefined || !this.holes.has(m.sequence));
  }

  /** The user has deleted everything up to a message for themself. */
  clear(through: number): void {
    this.messages = this.messages.filter((m) => m.sequence === undefined || m.sequence > through);
    this.whole = true;
  }

  /** What is shown may be out of date. What is still to be sent stays. */
  reset(): void {
    this.messages = this.messages.filter((m) => m.sequence === undefined);
    this.whole = false;
  }

  find(id: string): ShownMessage | undefined {
    return this.messages.find((m) => m.id === id);
  }

  add(message: ShownMessage): void {
    this.messages.push(message);
  }

  remove(message: ShownMessage): void {
    this.messages = this.messages.filter((m) => m !== message);
  }

  /** A message that the server has, perhaps shown already. */
  insert(message: MessageEvent, self: string): void {
    const known = this.find(message.id);
    const { id, from, type, sentAt, sequence, thumbnail, size, replyTo } = message;
    const data = message.erased ? "(erased)" : message.data;
    const shown: ShownMessage = known ?? { id, mine: from === self, from, data, type, at: sentAt, size };
    // A page may be older than what came live.
    if ((known?.event?.change ?? 0) > (message.change ?? 0)) return;
    Object.assign(shown, { sequence, type, thumbnail, size, data, event: message, quote: replyTo ?? shown.quote, upload: undefined, rewritten: undefined });
    if (!known) this.add(shown);
    // What the server has not seen yet comes last, in the order of writing.
    this.messages.sort((a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity) || 0);
  }
}
