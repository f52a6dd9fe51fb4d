import type { MessageEvent } from "../api/wire/messages.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { CsContext } from "./CsContext.js";
import { groupMarks } from "./groupMarks.js";
import { chat, isHidden, pageOf } from "./shapes.js";

/** A history of the whole account looks into so many conversations. */
const WHOLE = 20;

/** One entry per conversation, the most recent first. The conversations are known from synchronizing, so only the receipts of groups cost requests. */
export function recentPage(context: CsContext, target: unknown, pageSize: number, offset: number, callback: unknown): void {
  const { size, skip } = pageOf(pageSize, offset);
  context.answer(callback, target, async (client) => {
    if (!client.isSynchronized) await client.synchronize();
    const self = client.loginId ?? "";
    const begun = client.conversations
      .flatMap((c) => (c.lastMessage ? [{ conversation: c, message: c.lastMessage }] : []))
      .sort((a, b) => b.message.sentAt - a.message.sentAt);
    for (const { message } of begun) context.index.add(message);
    const page = begun.slice(skip, skip + size);
    const groups = await groupMarks(client, page.map(({ message }) => message));
    const list = page.map(({ conversation, message }) => {
      const shown = isHidden(client, message) ? { ...message, data: "", thumbnail: undefined } : message;
      const entry = chat(shown, self, conversation.group, conversation.group ? groups.get(conversation.id)?.(message.sequence) : conversation.other);
      // The original has it as `chat`, the guide as `Chat`.
      return { messageType: conversation.group ? "GROUP-CHAT" : "CHAT", chat: entry, Chat: entry };
    });
    return [200, { totalMessages: begun.length, pageSize, list }];
  }, () => ({ totalMessages: 0, pageSize, list: [] as { messageType: string; chat: Record<string, unknown>; Chat: Record<string, unknown> }[] }), undefined, true);
}

/** Without a recipient: the newest messages of the most recent conversations. */
export async function wholeHistory(client: ChatClient, skip: number, size: number): Promise<{ lastSequence: number; firstSequence?: number; messages: MessageEvent[] }> {
  const { conversations } = await client.listConversations(0, WHOLE);
  const pages = await Promise.all(
    conversations.map(({ conversation }) => client.messages({ conversation, size: Math.min(1_000, skip + size) })),
  );
  const messages = pages.flatMap((page) => page.messages).sort((a, b) => b.sentAt - a.sentAt);
  return { lastSequence: pages.reduce((sum, page) => sum + page.lastSequence - (page.firstSequence ?? 1) + 1, 0), messages: messages.slice(skip, skip + size) };
}
