import type { GroupEvent } from "../api/wire/groups.js";
import type { MessageEvent } from "../api/wire/messages.js";
import type { Emitter } from "../base/Emitter.js";
import type { ChangeNews } from "./ChangeFlow.js";
import type { ChatEvents, ChatMessage } from "./ChatEvents.js";
import type { Conversation } from "./Conversation.js";
import { GroupNews } from "./GroupNews.js";
import type { IncomingReceipts } from "./IncomingReceipts.js";
import type { LiveUser } from "./LiveUser.js";
import type { SentHere } from "./SentHere.js";

/** Handles what arrives for a user, live or by synchronizing, except receipts: acts on it, and tells the app. */
export class Incoming {
  private readonly groupNews = new GroupNews();

  constructor(
    private readonly user: LiveUser,
    private readonly receipts: IncomingReceipts,
    private readonly sentHere: SentHere,
    private readonly events: Emitter<ChatEvents>,
    /** The id of this client, so that the app does not hear of its own changes of groups. */
    private readonly clientId: string,
  ) {}

  /** The next message of a conversation. */
  message(conversation: Conversation, message: MessageEvent): void {
    const { self, outbox, files, receipts } = this.user;
    if (this.user.ended) return;
    const mine = message.from === self;
    // A message that an earlier page has written, and this one sends, is of this client too.
    const local = mine && (this.sentHere.has(message.id) || outbox.has(message.id) || files.asked(message.id));
    if (local) {
      // The app hears that it is accepted before it hears of receipts, whatever is faster: the answer to the call or the live connection.
      const { id, conversation: of, sequence, sentAt, type, contentType, data, size, thumbnail } = message;
      const answer = { id, conversation: of, sequence, sentAt, duplicate: true };
      outbox.settle(id, message.to, answer);
      files.settle(id, { key: data, size, type, contentType, thumbnail, message: answer });
    }
    // The receipt comes first: the message is received, whatever the app does with it.
    if (!mine && message.sequence > conversation.own.delivered) {
      conversation.advanceOwn({ delivered: message.sequence, read: 0 });
      conversation.expectAcknowledgement(message.sequence);
      receipts.add({ conversation: conversation.id, delivered: message.sequence })
        .then(() => conversation.acknowledged(message.sequence), () => {});
    }
    this.events.emit("message", this.told(conversation, message, local));
    if (mine) this.receipts.overtook(conversation, message);
    this.receipts.catchEarly(conversation);
  }

  /** A message is different now. */
  change(conversation: Conversation, message: MessageEvent, news?: ChangeNews): void {
    if (this.user.ended) return;
    const { id, peer, group } = conversation;
    const told = this.told(conversation, message, message.from === this.user.self && this.sentHere.has(message.id));
    this.events.emit("change", { conversation: id, with: peer, group, message: told, ...news });
  }

  private told(conversation: Conversation, message: MessageEvent, local: boolean): ChatMessage {
    const mine = message.from === this.user.self;
    // The server refuses what a blocked user writes to this one alone. In a group it cannot.
    const hidden = !mine && this.user.blocks.has(message.from);
    return { ...message, with: conversation.peer, group: conversation.group, mine, local, hidden };
  }

  group(came: GroupEvent): void {
    const { self, inbox } = this.user;
    if (this.user.ended) return;
    if (came.members.includes(self) && !["USER-ASSIGNED-AS-ADMIN", "DISMISSED-AS-ADMIN-FROM-GROUP"].includes(came.type)) {
      if (came.type === "GROUP-UNBLOCKED") inbox.restore(came.group);
      if (["GROUP-CREATED", "USER-ADDED"].includes(came.type)) inbox.welcome(came.group);
      // Only the server knows where a group begins and ends for the user. An answer that is on its way may be older than this event.
      void inbox.synchronize().catch(() => {});
    }
    const event = this.groupNews.take(came);
    if (!event) return;
    const concerned = event.members.includes(self);
    const conversation = inbox.conversations.get(event.group);
    if (conversation) {
      conversation.name = event.name;
      if (concerned && ["USER-DELETED", "USER-LEFT"].includes(event.type)) conversation.closed = true;
    }
    if (event.type === "GROUP-DELETED" || (event.type === "GROUP-BLOCKED" && concerned)) inbox.forget(event.group);
    if (event.client !== this.clientId) this.events.emit("group", event);
  }
}
