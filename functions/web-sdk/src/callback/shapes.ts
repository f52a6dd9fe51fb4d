import type { Mark, MessageEvent } from "../api/wire/messages.js";
import type { UserInfo } from "../api/wire/users.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { ChatMessage } from "../core/ChatEvents.js";
import { isGroupId } from "../core/GroupList.js";

/** In exactly this case, because apps compare with these names. */
const TYPE_NAMES = ["Unknown", "Text", "html", "location", "image", "video", "contact", "document", "audio", "announcement"];

/** A client's clock may be wrong. A time in the future, or long before the server got the message, is replaced by the server's time. */
const FUTURE = 5_000;
const PAST = 7 * 24 * 3_600_000;

export function typeName(type: number): string {
  return TYPE_NAMES[type] ?? TYPE_NAMES[0]!;
}

export function timeOf({ clientTime, sentAt }: MessageEvent): number {
  return clientTime && clientTime <= sentAt + FUTURE && clientTime >= sentAt - PAST ? clientTime : sentAt;
}

/**
 * The key of a picture. An address is left out: apps would load it, and whoever set it would learn where the reader is.
 */
export function ownPicture(picture: string | undefined): string {
  return !picture || /^([a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(picture.trim()) ? "" : picture;
}

/** The payload of NEW-MESSAGE; keys without a value are left out where the original does. */
export function newMessage(message: ChatMessage): Record<string, unknown> {
  const thumbnail = message.mine ? message.thumbnail : ownPicture(message.thumbnail);
  return {
    remoteUser: message.with,
    ...(message.group ? { chatInitiator: message.from } : {}),
    data: message.data,
    timestamp: timeOf(message),
    id: message.id,
    sequence: message.clientSequence ?? message.sequence,
    size: message.size,
    chattype: typeName(message.type),
    ...(message.contentType ? { contenttype: message.contentType } : {}),
    ...(thumbnail ? { thumbnail } : {}),
    ...(message.erased ? { erased: true } : {}),
    ...more(message),
  };
}

/** What a message may have besides. Apps that do not know these keys do not see them. */
function more(message: MessageEvent): Record<string, unknown> {
  const { mentions, mentionsAll, custom, silent, forwarded, system, editedAt, deletedAt, deletedBy, pinnedAt, pinnedBy, replyTo, reactions } = message;
  const known = { mentions, mentionsAll, custom, silent, forwarded, system, editedAt, deletedAt, deletedBy, pinnedAt, pinnedBy, replyTo, reactions };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Whether a message in a group is by somebody whom the user has blocked. Their conversation with this user alone ends with the block. */
export function isHidden(client: ChatClient, { conversation, from }: MessageEvent): boolean {
  return isGroupId(conversation) && client.contacts.isBlocked(from);
}

/** An element of the recent list. Group messages of others come "from" the group, as known apps expect. */
export function chat(message: MessageEvent, self: string, group: boolean, other?: Mark): Record<string, unknown> {
  const mine = message.from === self;
  // The sender did not want to hear of it.
  const silent = mine && message.reports === false;
  const reached = (own: number | undefined, mark: number | undefined, at: number | undefined): number =>
    silent ? 0 : own ?? (mine && message.sequence <= (mark ?? 0) ? (at ?? 0) : 0);
  const deliveredAt = reached(message.deliveredAt, other?.delivered, other?.deliveredAt);
  const readAt = reached(message.readAt, other?.read, other?.readAt);
  return {
    id: message.id,
    src: group && !mine ? message.to : message.from,
    dst: group && !mine ? self : message.to,
    sequenceNo: message.clientSequence ?? message.sequence,
    sentTimestamp: timeOf(message),
    chatType: typeName(message.type),
    reportsRequested: message.reports === false ? 0 : 1,
    data: message.data,
    contentType: message.contentType ?? "",
    thumbUrl: (mine ? message.thumbnail : ownPicture(message.thumbnail)) ?? "",
    messageStatus: readAt ? "READ" : deliveredAt ? "DELIVERED" : "SENT",
    deliveredTimestamp: deliveredAt,
    readTimestamp: readAt,
    ...(group ? { groupId: message.to, chatInitiator: message.from } : {}),
    ...(message.erased ? { erased: true } : {}),
    ...more(message),
  };
}

/** An element of a history. */
export function historyEntry(message: MessageEvent, self: string, group: boolean, other?: Mark): Record<string, unknown> {
  const entry = chat(message, self, group, other);
  return { ...entry, ...(entry["thumbUrl"] ? { thumbnail: entry["thumbUrl"] } : {}) };
}

export function appContact(user: UserInfo): Record<string, unknown> {
  return {
    mobileNumber: user.id, name: user.displayName ?? "", presenceMessage: user.status ?? "", profilePicId: ownPicture(user.photo),
    isOnline: user.online === true,
  };
}

/** @param now By the server's clock: whoever is online, perhaps for the first time, was last there now. */
export function presence(user: UserInfo, now: number): Record<string, unknown> {
  const online = user.online === true;
  return { mobileNumber: user.id, isOnline: online, lastLoginTime: user.lastSeen || (online ? now : 0), statusMessage: user.status ?? "" };
}

/** A list of ids as apps pass it: an array, one id, or the answer of getContacts. */
export function idsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((id) => id !== null && id !== undefined && id !== "").map(String);
  if (typeof value === "object" && value !== null && "contacts" in value) return idsOf(value.contacts);
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
}

/** Page and size as apps pass them; pages count from 1, and 0 is the first too. */
export function pageOf(pageSize: unknown, offset: unknown): { size: number; skip: number } {
  const size = Math.min(1_000, Math.max(1, Math.trunc(Number(pageSize)) || 20));
  return { size, skip: (Math.max(1, Math.trunc(Number(offset)) || 1) - 1) * size };
}
