import type { Api } from "../api/Api.js";
import type { ConversationChanges, MessageEvent } from "../api/wire/messages.js";
import type { Conversation } from "./Conversation.js";

/** So many own messages are looked up in a conversation, at most. */
const LIMIT = 1_000;
const PAGE = 200;

/** Own messages from before this page whose receipts came while this device was away. Only their ids are missing. */
export class Recall {
  private constructor(
    readonly conversation: Conversation,
    private readonly from: number,
    private readonly to: number,
    readonly changes: ConversationChanges,
  ) {}

  /** @returns undefined when there are none besides those that synchronizing has brought. */
  static of(conversation: Conversation, changes: ConversationChanges): Recall | undefined {
    const { other } = changes;
    if (!other || conversation.group) return undefined;
    const { delivered, read } = conversation.other;
    const moved = [other.delivered > delivered ? delivered : Infinity, other.read > read ? read : Infinity];
    const first = changes.messages[0]?.sequence ?? changes.lastSequence + 1;
    const to = Math.min(Math.max(other.delivered, other.read), first - 1, conversation.position);
    const from = Math.max(Math.min(...moved) + 1, to - LIMIT + 1);
    return from <= to ? new Recall(conversation, from, to, changes) : undefined;
  }

  async fetch(api: Pick<Api, "messages">, remember: (message: MessageEvent) => void): Promise<void> {
    for (let end = this.to; end >= this.from; end -= PAGE) {
      const page = await api.messages({ conversation: this.conversation.id, before: end + 1, size: Math.min(PAGE, end - this.from + 1) });
      for (const message of page.messages) remember(message);
    }
  }
}
