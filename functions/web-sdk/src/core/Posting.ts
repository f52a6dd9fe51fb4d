import type { Api } from "../api/Api.js";
import type { ChangeApi } from "../api/ChangeApi.js";
import type { ChangeResponse } from "../api/wire/changes.js";
import type { SendResponse } from "../api/wire/messages.js";
import { ChatError } from "../base/ChatError.js";
import type { Emitter } from "../base/Emitter.js";
import { Outbox, type OutboxAnswer } from "../outbox/Outbox.js";
import type { OutboxEntry } from "../outbox/OutboxEntry.js";
import type { OutboxStore } from "../outbox/OutboxStore.js";
import type { ChatEvents } from "./ChatEvents.js";
import type { LiveUser } from "./LiveUser.js";
import { KINDS, makeChange } from "./makeChange.js";
import { outgoing, sendRequest } from "./outgoing.js";
import type { SentHere } from "./SentHere.js";

interface Outcome {
  resolve(): void;
  reject(error: ChatError): void;
}

/** Sends what this user writes and changes, and tells what becomes of it. */
export class Posting {
  readonly outbox: Outbox;
  private readonly outcomes = new Map<string, Outcome>();

  constructor(
    private readonly user: Pick<LiveUser, "self" | "ended" | "inbox">,
    private readonly api: Pick<Api, "send">,
    private readonly changeApi: ChangeApi,
    private readonly sentHere: SentHere,
    private readonly events: Emitter<ChatEvents>,
    private readonly now: () => number,
    store: OutboxStore,
  ) {
    this.outbox = new Outbox(store, (entry) => this.post(entry), {
      accepted: (entry, answer) => this.accepted(entry, answer),
      changed: (entry, answer) => this.changed(entry, answer),
      refused: (entry, error) => this.refused(entry, error),
    });
  }

  /** Sends a change. @returns when the server has made it. */
  change(entry: OutboxEntry): Promise<void> {
    this.outbox.add(entry);
    return new Promise((resolve, reject) => this.outcomes.set(entry.id, { resolve, reject }));
  }

  private async post(entry: OutboxEntry): Promise<OutboxAnswer> {
    try {
      const tip = this.user.inbox.find(entry.to)?.tip;
      return await (entry.change ? makeChange(this.changeApi, entry, tip) : this.api.send(sendRequest(entry, tip)));
    } catch (error) {
      const failure = ChatError.of(error);
      // The session is over, which is not the message's fault: it waits for the next log-in.
      throw failure.code === 401 ? new ChatError(401, failure.reason, failure.message, true) : failure;
    }
  }

  private accepted(entry: OutboxEntry, answer: SendResponse): void {
    if (this.user.ended) return;
    const { sentHere, user } = this;
    const { conversation, sequence, sentAt, tip, epoch } = answer;
    // An earlier page may have written it, so this client does not know it yet.
    sentHere.remember(entry.id);
    sentHere.accepted({ ...outgoing(entry), conversation, sequence, sentAt });
    // The server has put something in: the message comes live, and if that is lost, it is fetched.
    if (entry.replyTo || entry.thread || entry.forward) return user.inbox.noteLast(conversation, sequence);
    const { id, to, type, data, clientTime, clientSequence, reports, mentions, mentionsAll, custom, silent } = entry;
    user.inbox.receive({
      conversation, sequence, id, from: user.self, to, type, contentType: entry.contentType ?? "text/plain", data, size: data.length, sentAt,
      clientTime, clientSequence, reports, tip, epoch,
      ...(mentions ? { mentions } : {}), ...(mentionsAll ? { mentionsAll } : {}), ...(custom ? { custom } : {}), ...(silent ? { silent } : {}),
    });
  }

  private changed({ id, to, change }: OutboxEntry, answer: ChangeResponse | undefined): void {
    if (this.user.ended) return;
    const kind = KINDS[change!.kind];
    if (answer && kind) {
      const conversation = this.user.inbox.find(to);
      if (answer.tip) conversation?.noteTip(conversation.last, answer.tip);
      const made = { emoji: change!.emoji, removed: change!.kind === "unreact" };
      this.user.inbox.flow.answered(answer, { kind, by: this.user.self, at: this.now() }, made);
    } else if (!kind && change?.place) {
      this.hid(change.place.conversation, [change.place.sequence]);
    }
    this.outcomes.get(id)?.resolve();
    this.outcomes.delete(id);
  }

  /** The user has deleted messages for themself. */
  hid(conversation: string, hiddenSequences: number[]): void {
    const known = this.user.inbox.conversations.get(conversation);
    if (known) this.events.emit("settings", { conversation, with: known.peer, group: known.group, settings: known.settings, hiddenSequences });
  }

  private refused(entry: OutboxEntry, error: ChatError): void {
    if (!entry.change) return this.sentHere.refused(outgoing(entry), error);
    this.outcomes.get(entry.id)?.reject(error);
    this.outcomes.delete(entry.id);
    this.events.emit("changeFailed", { id: entry.id, error });
  }
}
