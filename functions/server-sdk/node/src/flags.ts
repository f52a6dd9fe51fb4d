import type { CallOptions, Connection, PostOptions } from "./connection.js";
import type { Message } from "./messages.js";
import { part, query } from "./paths.js";

/** A flagged message or user, in the moderators' queue. */
export interface Flag {
  /** Further flags of the same have the same id. */
  id: string;
  kind: "message" | "user";
  /** The flagged user, or who wrote the message. */
  user: string;
  /** Of a message. */
  conversation?: string;
  sequence?: number;
  /** A flag after a decision opens it again. */
  state: "open" | "decided";
  /** How many flags there were in all. */
  count: number;
  /** Of the newest flag. */
  reason: string;
  firstAt: string;
  lastAt: string;
  /** The last one. Absent before the first. */
  decision?: { action: string; note?: string; by: string; at: string };
}

export interface FlagDetails {
  flag: Flag;
  /** The newest flags, at most 50. `by` is empty when a word list did it. */
  reports: { by: string; reason: string; text?: string; at: string }[];
  /** The message as it is now, with up to five before and after it, oldest first. */
  messages: Message[];
}

export interface Decision {
  action: "keep" | "delete" | "mute" | "ban";
  /** When a mute or ban ends by itself. Absent: never. */
  until?: Date | string;
  /** For other moderators, at most 200 characters. */
  note?: string;
}

/** Words and phrases of at most 64 characters; with an asterisk before and after it, also within words. */
export interface WordLists {
  /** A message with one of these is refused. */
  block?: string[];
  /** Asterisks take the place of these. */
  mask?: string[];
  /** A message with one of these is stored, and stands in the moderators' queue. */
  flag?: string[];
  /** Whether messages and edits by the server API are looked at too. Default false. */
  server?: boolean;
}

export interface StoredWordLists extends Required<WordLists> {
  /** Absent: there are none yet. */
  changedAt?: string;
  changedBy?: string;
}

/** What users have flagged for moderators. */
export class Flags {
  constructor(private readonly connection: Connection) {}

  /** The queue, newest first. */
  list(state: "open" | "decided" = "open", options?: CallOptions): AsyncGenerator<Flag, void, undefined> {
    return this.connection.all(query("moderation/flags?limit=100", { state }), "flags", options);
  }

  /** One of them, with the flags and the messages around it. */
  get(id: string, options?: CallOptions): Promise<FlagDetails> { return this.connection.get(`moderation/flags/${part(id)}`, options); }

  /** It is done at once, and can be decided again. */
  decide(id: string, decision: Decision, options?: PostOptions): Promise<Flag> {
    return this.connection.post(`moderation/flags/${part(id)}/decision`, decision, options);
  }
}

/** Words that are blocked, masked or flagged. */
export class Words {
  constructor(private readonly connection: Connection) {}

  get(options?: CallOptions): Promise<StoredWordLists> { return this.connection.get("moderation/words", options); }

  /** In place of those that there are: together at most 10,000 entries. They hold within a minute. */
  set(lists: WordLists, options?: CallOptions): Promise<StoredWordLists> { return this.connection.change("PUT", "moderation/words", lists, options); }

  /** What the lists say of a text: those of the project, or `lists`. Nothing is stored. */
  try(text: string, wanted: { html?: boolean; lists?: WordLists } = {}, options?: PostOptions): Promise<{ action?: "block" | "mask" | "flag"; text: string; found: string[] }> {
    return this.connection.post("moderation/words/try", { text, ...wanted }, options);
  }
}
