import type { MessageExtras, Place } from "../api/wire/messages.js";

export type QueuedKind = "edit" | "delete" | "hide" | "react" | "unreact" | "pin" | "unpin";

/** A change of a message on its way. For an edit, the new text is the entry's `data`. */
export interface QueuedChange {
  kind: QueuedKind;
  /** Absent while the message itself is on its way. */
  place?: Place;
  /** Id of a message that is before this change in the outbox. */
  message?: string;
  emoji?: string;
}

/** A message, or a change of one, on its way. It is written down before the first attempt and crossed out after the server's answer. */
export interface OutboxEntry extends MessageExtras {
  id: string;
  to: string;
  data: string;
  type: number;
  contentType?: string;
  clientTime: number;
  clientSequence: number;
  reports?: boolean;
  replyTo?: number;
  thread?: number;
  forward?: Place;
  change?: QueuedChange;
}
