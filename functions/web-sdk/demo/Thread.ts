import type { MessageEvent } from "../src/index.js";

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
}

/** The messages of one conversation that are shown: a part of its end, and what is still to be sent. */
export class Thread {
  messages: ShownMessage[] = [];
  /** Everything from the beginning is here. */
  whole = false;
  loading = false;
  error?: string;

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
    while (i > 0 && sequences[i - 1] === sequences[i]! - 1) i--;
    return sequences[i];
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
    const { id, from, data, type, sentAt, sequence, thumbnail, size } = message;
    const shown: ShownMessage = known ?? { id, mine: from === self, from, data: message.erased ? "(erased)" : data, type, at: sentAt, size };
    Object.assign(shown, { sequence, type, thumbnail, size, upload: undefined });
    if (!known) this.add(shown);
    // What the server has not seen yet comes last, in the order of writing.
    this.messages.sort((a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity) || 0);
  }
}
