import type { Api } from "../api/Api.js";
import type { Mark, MessageEvent, ReceiptEvent } from "../api/wire/messages.js";
import type { Emitter } from "../base/Emitter.js";
import type { ChatEvents } from "./ChatEvents.js";
import type { Conversation } from "./Conversation.js";
import type { LiveUser } from "./LiveUser.js";
import type { SentHere } from "./SentHere.js";

/** Groups whose receipts are fetched after an interruption: the most recent ones that this client has written to. */
const MAX_GROUPS = 20;
/** So many receipts are held for conversations that are not known yet. */
const MAX_EARLY = 200;

/** Tells the app how far others have received and read, and the user on other devices, with the messages that each receipt is about. */
export class IncomingReceipts {
  /** Receipts for conversations that are not known yet. A receipt may overtake the first message, and even the answer to its call. */
  private readonly early: ReceiptEvent[] = [];
  private readonly overtaken = new Set<string>();

  constructor(
    private readonly user: LiveUser,
    private readonly api: Pick<Api, "groupReceipts">,
    private readonly sentHere: SentHere,
    private readonly events: Emitter<ChatEvents>,
  ) {}

  came(event: ReceiptEvent): void {
    const { self, inbox, ended } = this.user;
    const conversation = inbox.conversations.get(event.conversation);
    if (ended) return;
    if (!conversation) {
      this.early.push(event);
      if (this.early.length > MAX_EARLY) this.early.shift();
      return;
    }
    const from = { delivered: event.deliveredFrom ?? 0, read: event.readFrom ?? 0 };
    if (event.by !== self && conversation.group) this.advanceMember(conversation, event.by, event, from);
    else if (event.by !== self) this.advanceOther(conversation, event.by, event);
    else if (conversation.advanceOwn(event)) this.tell(conversation, event.by, event);
    // Nobody can receive a message that does not exist: if it is not here, it was missed.
    inbox.noteLast(event.conversation, Math.max(event.delivered, event.read));
  }

  /** Marks as synchronizing brings them. They may be unchanged. */
  marks(conversation: Conversation, own: Mark | undefined, other: Mark | undefined): void {
    if (own && conversation.advanceOwn(own)) this.tell(conversation, this.user.self, own);
    if (other) this.advanceOther(conversation, conversation.peer, other);
    this.catchEarly(conversation);
  }

  /** The conversation is known now. */
  catchEarly(conversation: Conversation): void {
    for (let at = this.find(conversation); at >= 0; at = this.find(conversation)) this.came(this.early.splice(at, 1)[0]!);
  }

  /** Tells the receipts of an own message that came after them. */
  overtook(conversation: Conversation, { id, sequence, reports }: MessageEvent): void {
    if (reports === false) return;
    if (sequence <= conversation.other.delivered) {
      this.tell(conversation, conversation.peer, conversation.other, [id], sequence <= conversation.other.read ? [id] : []);
    }
    if (!conversation.group) return;
    for (const { id: member, mark } of conversation.receivedBy(sequence)) {
      this.tell(conversation, member, mark, [id], sequence <= mark.read ? [id] : []);
    }
  }

  /** The same for a message that this client has just sent, although synchronizing has taken it for one from before the log-in. */
  sentEarly(conversation: Conversation, message: MessageEvent): void {
    if (!this.sentHere.has(message.id) || this.overtaken.has(message.id) || message.reports === false) return;
    this.overtaken.add(message.id);
    conversation.expectReceipts(message.sequence, message.id);
    this.overtook(conversation, message);
  }

  /** Asks how far the members of groups are, where own messages wait for receipts. Synchronizing tells that only for single users. */
  async catchUp(): Promise<void> {
    const waiting = [...this.user.inbox.conversations.values()]
      .filter((c) => c.group && !c.closed && this.firstWaiting(c) !== undefined)
      .sort((a, b) => (b.lastMessage?.sentAt ?? 0) - (a.lastMessage?.sentAt ?? 0));
    await Promise.all(waiting.slice(0, MAX_GROUPS).map(async (conversation) => {
      const { members } = await this.api.groupReceipts(conversation.id);
      const before = this.firstWaiting(conversation);
      if (this.user.ended || before === undefined) return;
      for (const member of members) {
        if (member.id !== this.user.self) this.advanceMember(conversation, member.id, member, { delivered: before - 1, read: before - 1 });
      }
    })).catch(() => {});
  }

  private find(conversation: Conversation): number {
    return this.early.findIndex((event) => event.conversation === conversation.id);
  }

  private firstWaiting(conversation: Conversation): number | undefined {
    return conversation.firstWaiting((id) => this.sentHere.has(id));
  }

  private advanceMember(conversation: Conversation, by: string, mark: Mark, from: Mark): void {
    const changed = conversation.advanceMember(by, mark, from);
    if (changed) this.tell(conversation, by, changed.mark, changed.delivered, changed.read);
  }

  private advanceOther(conversation: Conversation, by: string, mark: Mark): void {
    const before = { ...conversation.other };
    const { delivered, read } = conversation.advanceOther(mark);
    const after = conversation.other;
    if (after.delivered > before.delivered || after.read > before.read) this.tell(conversation, by, after, delivered, read);
  }

  private tell(conversation: Conversation, by: string, mark: Mark, deliveredIds: string[] = [], readIds: string[] = []): void {
    this.events.emit("receipt", {
      conversation: conversation.id,
      with: conversation.peer,
      group: conversation.group,
      by,
      mine: by === this.user.self,
      delivered: mark.delivered,
      deliveredAt: mark.deliveredAt ?? 0,
      read: mark.read,
      readAt: mark.readAt ?? 0,
      deliveredIds,
      readIds,
    });
  }
}
