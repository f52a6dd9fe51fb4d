import type { ConversationChanges, MessageEvent } from "../api/wire/messages.js";
import { Conversation } from "./Conversation.js";
import type { ToldMark } from "./Told.js";

interface Before {
  self: string;
  /** It is from before this client's first synchronizing. */
  baseline: boolean;
  /** How far this device was told of it. Undefined: of everything. */
  told?: ToldMark;
  /** It was asked for by name. */
  wanted: boolean;
}

/** A conversation that synchronizing has brought for the first time: where it begins for this client. */
export function opened(changes: ConversationChanges, { self, baseline, told, wanted }: Before): Conversation {
  // Messages that no device has received yet are new. Own messages are not new, although they lie behind the mark.
  let position = baseline || changes.group ? Math.min(changes.own?.delivered ?? changes.lastSequence, changes.lastSequence) : 0;
  // Messages from before the user became a member.
  position = Math.max(position, (changes.firstSequence ?? 1) - 1);
  const silentUpTo = wanted ? changes.lastSequence : told?.position ?? changes.lastSequence;
  if (baseline) {
    position = Math.max(position, told?.position ?? 0);
    // Nothing but own messages, of which the app knows: they need not be fetched.
    if ((changes.lastOther ?? Infinity) <= position) position = Math.max(position, silentUpTo);
    const isSilent = (m: MessageEvent | undefined) => m?.from === self && m.sequence <= silentUpTo;
    while (isSilent(changes.messages.find((m) => m.sequence === position + 1))) position++;
  }
  const conversation = new Conversation(changes.conversation, changes.with, changes.group ?? false, position);
  conversation.epoch = changes.epochs?.at(-1)?.epoch ?? 0;
  conversation.silentUpTo = silentUpTo;
  // Receipts that were told, on this page or an earlier one.
  const { delivered, read, deliveredAt, readAt } = { ...(changes.other ?? conversation.other), ...told };
  conversation.other = { delivered, read, deliveredAt, readAt };
  return conversation;
}
