import type { ScheduledMessage } from "../api/wire/changes.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { MessageChange } from "../core/ChatEvents.js";
import type { MessageRef } from "../core/MessageChanges.js";
import type { MessageExtras } from "../api/wire/messages.js";
import { ChatError } from "../base/ChatError.js";
import { textOf } from "./arguments.js";
import { CsReceipts } from "./CsReceipts.js";
import { lastFunction } from "./Dispatcher.js";
import { isHidden, newMessage } from "./shapes.js";

/** Milliseconds after which an app is told 202: written down, not yet made. */
const QUEUED_AFTER = 25_000;

interface ScheduleOptions extends MessageExtras {
  type?: unknown;
  replyTo?: string;
}

/**
 * The methods of `CS.chat` for what happens to messages after they were sent. None is in the original. Each names a message by its user or group and its
 * id. Without a network they are written down, as messages are.
 */
export abstract class CsChanges extends CsReceipts {
  editMessage(recipient: string, id: string, text: unknown, callback?: unknown): void {
    const data = textOf(text);
    this.change(recipient, id, callback, async (client, message) => {
      if (!data) throw new ChatError(400, "invalid_field", "A text is needed.");
      await client.changes.edit(message, { data });
    });
  }

  /** Deletes it for everyone. */
  deleteMessage(recipient: string, id: string, callback?: unknown): void {
    this.change(recipient, id, callback, (client, message) => client.changes.delete(message));
  }

  deleteMessageForMe(recipient: string, id: string, callback?: unknown): void {
    this.change(recipient, id, callback, (client, message) => client.changes.deleteForMe(message));
  }

  addReaction(recipient: string, id: string, emoji: string, callback?: unknown): void {
    this.change(recipient, id, callback, (client, message) => client.changes.react(message, String(emoji)));
  }

  removeReaction(recipient: string, id: string, emoji: string, callback?: unknown): void {
    this.change(recipient, id, callback, (client, message) => client.changes.unreact(message, String(emoji)));
  }

  pinMessage(recipient: string, id: string, callback?: unknown): void {
    this.change(recipient, id, callback, (client, message) => client.changes.pin(message));
  }

  unpinMessage(recipient: string, id: string, callback?: unknown): void {
    this.change(recipient, id, callback, (client, message) => client.changes.unpin(message));
  }

  /** `callback(200, messages)`: the last pinned first, in the shape of NEW-MESSAGE. */
  getPinnedMessages(recipient: string, callback?: unknown): void {
    this.context.answer(callback, this, async (client) => {
      const conversation = await conversationOf(client, recipient);
      const pins = await client.changes.pins(conversation);
      for (const message of pins) this.context.index.add(message);
      const group = this.context.isGroup(String(recipient), client);
      const shown = pins.filter((message) => !isHidden(client, message));
      return [200, shown.map((m) => newMessage({ ...m, with: String(recipient), group, mine: m.from === client.loginId, local: false, hidden: false }))];
    }, () => [] as Record<string, unknown>[]);
  }

  /**
   * What this user sets for a conversation: `{ mutedUntil, archived, favourite, unreadFrom }`, any of them. `mutedUntil` is a time, -1 for ever, or 0;
   * `unreadFrom` is the id of a message, or "".
   */
  setConversation(recipient: string, settings: Record<string, unknown>, callback?: unknown): void {
    this.context.confirm(callback, this, async (client) => {
      const conversation = await conversationOf(client, recipient);
      const { unreadFrom, ...rest } = settings ?? {};
      const from = unreadFrom ? (await this.context.index.find(client, String(recipient), String(unreadFrom))).sequence : 0;
      await client.preferences.set(conversation, { ...rest, ...(unreadFrom === undefined ? {} : { unreadFrom: from }) });
    });
  }

  /** Deletes the history up to now, for this user only. */
  clearConversation(recipient: string, callback?: unknown): void {
    this.context.confirm(callback, this, async (client) => {
      await client.preferences.clear(await conversationOf(client, recipient));
    });
  }

  /**
   * The server sends it later, at `sendAt`, in Unix milliseconds: from one minute to one year ahead. Options as for {@link CsChat.sendMessageWith}.
   * `callback(200, { id, sendAt })`.
   */
  scheduleMessage(recipient: string, message: unknown, sendAt: number, options?: ScheduleOptions | null, callback?: unknown): void {
    const { type, replyTo, mentions, mentionsAll, custom, silent } = options ?? {};
    this.context.answer(lastFunction([options, callback]), this, async (client) => {
      const to = String(recipient);
      const answered = replyTo ? (await this.context.index.find(client, to, replyTo)).sequence : undefined;
      const { id, sendAt: at } = await client.scheduled.add({
        to, data: textOf(message) ?? "", sendAt: Number(sendAt), type: Number(type) || 1, replyTo: answered, mentions, mentionsAll, custom, silent,
      });
      return [200, { id, sendAt: at }];
    }, () => ({}));
  }

  /** `callback(200, messages)`: what waits, the next one first, and what was refused when it was due (`state` is "failed"). */
  getScheduledMessages(callback?: unknown): void {
    this.context.answer(callback, this, async (client) => [200, await client.scheduled.list()], () => [] as ScheduledMessage[]);
  }

  /** @param change `{ data, sendAt }`, one or both. */
  updateScheduledMessage(id: string, change: { data?: string; sendAt?: number }, callback?: unknown): void {
    this.context.confirm(callback, this, async (client) => void (await client.scheduled.update(String(id), change ?? {})));
  }

  cancelScheduledMessage(id: string, callback?: unknown): void {
    this.context.confirm(callback, this, (client) => client.scheduled.cancel(String(id)));
  }

  protected abstract raise(type: string, payload: unknown): void;
  /** Whether a message of this page is still on its way. */
  protected abstract isWaiting(id: string): boolean;

  protected attachChanges(client: ChatClient): void {
    const { firstScreen } = this.context;
    client.on("change", (change) => firstScreen.pass(() => this.changeCame(change)));
    client.on("historyReset", ({ with: remoteUser, group }) => this.raise("HISTORY-RESET", { remoteUser, ...(group ? { groupid: remoteUser } : {}) }));
    client.on("settings", ({ with: remoteUser, group, settings, hiddenSequences = [] }) => {
      const { conversation, version: _, ...rest } = settings;
      const hidden = hiddenSequences.flatMap((sequence) => this.context.index.idAt(conversation, sequence) ?? []);
      this.raise("CONVERSATION-SETTINGS", { remoteUser, ...(group ? { groupid: remoteUser } : {}), ...rest, ...(hidden.length > 0 ? { hidden } : {}) });
    });
  }

  private changeCame({ message, kind, by, at }: MessageChange): void {
    this.context.index.add(message);
    if (!message.hidden) this.raise("MESSAGE-CHANGED", { ...newMessage(message), change: kind ?? "", ...(by ? { by, time: at } : {}) });
  }

  private change(recipient: string, id: string, callback: unknown, work: (client: ChatClient, message: MessageRef) => Promise<void>): void {
    this.context.confirm(callback, this, async (client) => {
      const known = this.context.index.get(id);
      const message = known ?? (this.isWaiting(id) ? { id, to: String(recipient) } : await this.context.index.find(client, String(recipient), id));
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<number>((resolve) => (timer = setTimeout(() => resolve(202), QUEUED_AFTER)));
      return Promise.race([work(client, message).then(() => 200), late]).finally(() => clearTimeout(timer));
    });
  }
}

async function conversationOf(client: ChatClient, recipient: string): Promise<string> {
  const known = client.conversations.find(({ peer }) => peer === String(recipient));
  return known?.id ?? (await client.messages({ with: String(recipient), size: 1 })).conversation;
}
