// Translates messages and files: from what the app passes to what is written down, and from there to what the app sees.
import { MessageType } from "../api/MessageType.js";
import type { SendRequest } from "../api/wire/messages.js";
import { randomId } from "../base/ids.js";
import { isKey, newKey } from "../files/fileKey.js";
import type { TransferRecord } from "../files/TransferStore.js";
import type { OutboxEntry } from "../outbox/OutboxEntry.js";
import type { OutgoingMessage } from "./ChatEvents.js";
import type { SendFileOptions, SendOptions } from "./ClientOptions.js";

/** When a message was written, by the server's clock, and its place among the messages of this client. */
export interface Stamp {
  clientTime: number;
  clientSequence: number;
}

export function entryOf(message: SendOptions, stamp: Stamp): OutboxEntry {
  const { id = randomId(), to, data = "", type = MessageType.Text, contentType, reports, replyTo, thread, forward, ...rest } = message;
  const { mentions, mentionsAll, custom, silent } = rest;
  return {
    id, to, data, type, contentType, ...stamp, ...(reports === false ? { reports } : {}),
    replyTo, thread, mentions, mentionsAll: mentionsAll || undefined, custom, silent: silent || undefined,
    forward: forward && { conversation: forward.conversation, sequence: forward.sequence },
  };
}

/** As it is sent. A message that is forwarded is copied by the server. */
export function sendRequest({ id, change: _, ...entry }: OutboxEntry, tip: string | undefined): SendRequest {
  const { data, type, contentType, ...rest } = entry;
  return { ...(entry.forward ? rest : { data, type, contentType, ...rest }), clientMessageId: id, tip };
}

export function transferOf(options: SendFileOptions, stamp: Stamp): Omit<TransferRecord, "scope"> {
  const { file, to, thumbnailUrl, replyTo, thread, mentions, mentionsAll, custom, silent } = options;
  const name = options.name ?? (file as File).name ?? "file";
  return {
    id: options.id ?? randomId(), key: options.key ?? newKey(name), to, file, name,
    type: options.type ?? typeOf(file.type), contentType: options.contentType ?? file.type,
    // The server takes only keys, because readers load nothing from other servers. The file is sent all the same.
    thumbnailUrl: thumbnailUrl && isKey(thumbnailUrl) ? thumbnailUrl : undefined, ...stamp,
    ...(options.reports === false ? { reports: false } : {}), replyTo, thread, mentions, mentionsAll, custom, silent,
  };
}

export function outgoing({ id, to, data, type, contentType, clientTime, clientSequence }: OutboxEntry): OutgoingMessage {
  return { id, to, data, type, contentType, sentTime: clientTime, clientSequence };
}

export function outgoingFile({ id, to, key, type, contentType, clientTime, clientSequence }: Omit<TransferRecord, "scope">): OutgoingMessage {
  return { id, to, data: key, type, contentType, sentTime: clientTime, clientSequence };
}

function typeOf(contentType: string): MessageType {
  return contentType.startsWith("image/") ? MessageType.Image : contentType.startsWith("video/") ? MessageType.Video : MessageType.Document;
}
