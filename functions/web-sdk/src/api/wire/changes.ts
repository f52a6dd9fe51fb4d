// The shapes of /api/v1/ (docs/api.md): what happens to messages after they were sent. Times are Unix milliseconds of the server's clock.
import type { ConversationSettings, MessageEvent, MessageExtras, SendRequest } from "./messages.js";

export type ChangeKind = "edited" | "deleted" | "reaction" | "pinned" | "unpinned";

/** The answer to a change. */
export interface ChangeResponse {
  conversation: string;
  /** Absent when the message was never changed. */
  change?: number;
  sequence: number;
  /** The message as it is now. */
  message?: MessageEvent;
  /** It was so already. */
  duplicate: boolean;
  tip?: string;
}

/** The live event `change`. */
export interface ChangeEvent {
  conversation: string;
  /** 1, 2, 3 … without gaps in a conversation. */
  change: number;
  kind: ChangeKind;
  /** Absent when an app's server did it. */
  by?: string;
  at: number;
  sequence: number;
  /** Absent where not all members see it, and in broadcast groups: each asks for it. */
  message?: MessageEvent;
  /** Of a reaction. */
  emoji?: string;
  /** The reaction was taken back. */
  removed?: boolean;
  tip?: string;
  epoch?: number;
}

export interface ChangePage {
  conversation: string;
  lastChange: number;
  /** Each once, as it is now. */
  messages: MessageEvent[];
  through: number;
  reset?: boolean;
}

/** The live event `settings`, to the user's own devices. */
export type SettingsEvent = ConversationSettings;

export type SettingsChange = Partial<Pick<ConversationSettings, "mutedUntil" | "archived" | "favourite" | "unreadFrom">>;

export interface EditRequest {
  data: string;
  /** Absent: as before. */
  mentions?: string[];
  /** Absent: as before. */
  mentionsAll?: boolean;
  clientChangeId?: string;
  tip?: string;
}

export interface ReactionPage {
  users: { user: string; emoji: string; at: number }[];
  /** For the next page; absent on the last. */
  cursor?: string;
}

export interface ScheduleRequest extends Omit<SendRequest, "clientTime" | "clientSequence" | "tip" | "forward"> {
  /** From one minute to one year ahead. */
  sendAt: number;
}

export interface ScheduledMessage extends MessageExtras {
  id: string;
  to: string;
  data?: string;
  type?: number;
  contentType?: string;
  sendAt: number;
  replyTo?: number;
  thread?: number;
  /** "failed": it was refused when it was due, and stays until it is changed or cancelled. */
  state: "waiting" | "failed";
  /** The code of the error with which it was refused. */
  reason?: string;
}
