import type { Mark, MessageEvent } from "../api/wire/messages.js";
import type { UserInfo } from "../api/wire/users.js";
import type { ChatMessage } from "../core/ChatEvents.js";

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

/** The payload of NEW-MESSAGE; keys without a value are left out where the original does. */
export function newMessage(message: ChatMessage): Record<string, unknown> {
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
    ...(message.thumbnail ? { thumbnail: message.thumbnail } : {}),
  };
}

/** An element of the recent list. Group messages of others come "from" the group, as known apps expect. */
export function chat(message: MessageEvent, self: string, group: boolean, other?: Mark): Record<string, unknown> {
  const mine = message.from === self;
  const deliveredAt = message.deliveredAt ?? (mine && other && message.sequence <= other.delivered ? (other.deliveredAt ?? 0) : 0);
  const readAt = message.readAt ?? (mine && other && message.sequence <= other.read ? (other.readAt ?? 0) : 0);
  return {
    id: message.id,
    src: group && !mine ? message.to : message.from,
    dst: group && !mine ? self : message.to,
    sequenceNo: message.clientSequence ?? message.sequence,
    sentTimestamp: timeOf(message),
    chatType: typeName(message.type),
    reportsRequested: 0,
    data: message.data,
    contentType: message.contentType ?? "",
    thumbUrl: message.thumbnail ?? "",
    messageStatus: readAt ? "READ" : deliveredAt ? "DELIVERED" : "SENT",
    deliveredTimestamp: deliveredAt,
    readTimestamp: readAt,
    ...(group ? { groupId: message.to, chatInitiator: message.from } : {}),
  };
}

/** An element of a history. */
export function historyEntry(message: MessageEvent, self: string, group: boolean, other?: Mark): Record<string, unknown> {
  return { ...chat(message, self, group, other), ...(message.thumbnail ? { thumbnail: message.thumbnail } : {}) };
}

export function appContact(user: UserInfo): Record<string, unknown> {
  return { mobileNumber: user.id, name: user.displayName ?? "", presenceMessage: user.status ?? "", profilePicId: user.photo ?? "" };
}

export function presence(user: UserInfo): Record<string, unknown> {
  return { mobileNumber: user.id, isOnline: user.online === true, lastLoginTime: user.lastSeen ?? 0, statusMessage: user.status ?? "" };
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
