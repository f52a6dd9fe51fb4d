import type { FileSender } from "../files/FileSender.js";
import type { Outbox } from "../outbox/Outbox.js";
import type { BlockList } from "./BlockList.js";
import type { Inbox } from "./Inbox.js";
import type { Receipts } from "./Receipts.js";

/** The part of ActiveUser that handlers of arriving messages use. It is an interface, because ActiveUser itself imports the handlers. */
export interface LiveUser {
  readonly self: string;
  /** Whether the user has logged out, or somebody else has logged in. Then nothing is told any more. */
  readonly ended: boolean;
  readonly inbox: Inbox;
  readonly outbox: Pick<Outbox, "has" | "settle">;
  readonly files: Pick<FileSender, "asked" | "settle">;
  readonly receipts: Pick<Receipts, "add">;
  readonly blocks: Pick<BlockList, "has">;
}
