import type { Outbox } from "../outbox/Outbox.js";
import type { Inbox } from "./Inbox.js";
import type { Receipts } from "./Receipts.js";

/** What those who handle arrivals need of the active user. An interface of its own, because the active user is what creates them. */
export interface LiveUser {
  readonly self: string;
  /** Logged out, or somebody else has logged in: nothing is told any more. */
  readonly ended: boolean;
  readonly inbox: Inbox;
  readonly outbox: Pick<Outbox, "settle">;
  readonly receipts: Pick<Receipts, "add">;
}
