/** Why somebody flags. */
export type FlagReason = "spam" | "harassment" | "hate" | "violence" | "sexual" | "self_harm" | "illegal" | "other";

/** Names either a message or a user. */
export interface FlagRequest {
  conversation?: string;
  sequence?: number;
  /** Login id. */
  user?: string;
  reason: FlagReason;
  /** For moderators: at most 500 characters. */
  text?: string;
}

export interface FlagAnswer {
  /** The caller had flagged it before. */
  duplicate: boolean;
}
