import type { ChangeEvent, ChangeKind, ChangePage } from "../src/api/wire/changes.js";
import type { ConversationSettings, Epoch, MessageEvent, MessagePage, SyncRequest, SyncResponse } from "../src/api/wire/messages.js";

export function message(sequence: number, from = "bob", conversation = "d1"): MessageEvent {
  return {
    conversation, sequence, id: `m${sequence}`, from, to: from === "alice" ? "bob" : "alice", type: 1, contentType: "text/plain",
    data: `text ${sequence}`, size: 6, sentAt: 1_000 + sequence,
  };
}

/** One conversation on a server. */
export class FakeServer {
  messages: MessageEvent[] = [];
  delivered = 0;
  other = { delivered: 0, read: 0 };
  syncs: SyncRequest[] = [];
  pages = 0;
  down = false;
  tip?: string;
  epochs?: Epoch[];
  /** How many changes there were. */
  changeCount = 0;
  /** A client that is further behind has to begin anew. */
  changesFrom = 0;
  changeCalls = 0;
  settings?: ConversationSettings;

  /** Changes a message. @returns the live event. */
  change(sequence: number, what: Partial<MessageEvent>, by = "bob", kind: ChangeKind = "edited"): ChangeEvent {
    const change = ++this.changeCount;
    const message = { ...this.messages[sequence - 1]!, ...what, change };
    this.messages[sequence - 1] = message;
    return { conversation: "d1", change, kind, by, at: 5_000 + change, sequence, message, epoch: this.epochs?.at(-1)?.epoch };
  }

  changes = async (_: string, after: number): Promise<ChangePage> => {
    this.changeCalls++;
    if (this.down) throw new Error("down");
    const messages = this.messages.filter((m) => (m.change ?? 0) > after);
    return { conversation: "d1", lastChange: this.changeCount, messages, through: this.changeCount, reset: after < this.changesFrom || undefined };
  };

  say(count: number, from = "bob"): MessageEvent[] {
    const said = Array.from({ length: count }, () => {
      const next = message(this.messages.length + 1, from);
      this.messages.push(next);
      return next;
    });
    return said;
  }

  /** A backup is restored: messages after `last` are lost. */
  restore(last: number): void {
    this.messages.length = last;
    this.epochs = [...(this.epochs ?? []), { epoch: (this.epochs?.at(-1)?.epoch ?? 0) + 10, lastSequence: last }];
  }

  sync = async (request: SyncRequest): Promise<SyncResponse> => {
    this.syncs.push(request);
    if (this.down) throw new Error("down");
    const last = this.messages.length;
    if (last === 0) return { conversations: [], serverTime: 0 };
    const known = request.conversations["d1"] ?? (request.newest === undefined ? this.delivered : Math.max(0, last - request.newest));
    // What is known anyway is not mentioned, unless it is asked for by name.
    if (known === last && !("d1" in request.conversations)) return { conversations: [], serverTime: 0 };
    const messages = this.messages.slice(known, known + 100);
    return {
      serverTime: 0,
      conversations: [{
        conversation: "d1", with: "bob", lastSequence: last, messages, complete: known + messages.length === last,
        own: { delivered: this.delivered, read: 0 }, other: { ...this.other },
        unread: last - Math.max(0, ...this.messages.filter((m) => m.from === "alice").map((m) => m.sequence)),
        lastOther: Math.max(0, ...this.messages.filter((m) => m.from !== "alice").map((m) => m.sequence)),
        tip: this.tip, epochs: this.epochs, lastChange: this.changeCount, settings: this.settings, ...this.changedSince(request.changes?.["d1"]),
      }],
    };
  };

  private changedSince(after: number | undefined): object {
    if (after === undefined) return {};
    if (after < this.changesFrom) return { changesReset: true };
    return { changed: this.messages.filter((m) => (m.change ?? 0) > after), changedThrough: this.changeCount };
  }

  page = async (query: { before?: number; size?: number }): Promise<MessagePage> => {
    this.pages++;
    if (this.down) throw new Error("down");
    const end = (query.before ?? Infinity) - 1;
    const messages = this.messages.filter((m) => m.sequence <= end && m.sequence > end - (query.size ?? 50)).reverse();
    return { conversation: "d1", lastSequence: this.messages.length, messages, epochs: this.epochs, lastChange: this.changeCount };
  };
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
