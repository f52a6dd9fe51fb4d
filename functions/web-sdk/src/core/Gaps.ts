import type { Api } from "../api/Api.js";
import type { Epoch, MessageEvent } from "../api/wire/messages.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import type { Pause } from "../base/Pause.js";
import type { Conversation } from "./Conversation.js";

const FILL_PAGE = 200;
/** Milliseconds to wait for a message that another one has overtaken, before it is fetched. */
const GAP_PATIENCE = 300;

export interface GapHandlers {
  readonly isClosed: boolean;
  show(conversation: Conversation, messages: MessageEvent[]): void;
  renew(conversation: Conversation, epochs: readonly Epoch[] | undefined): boolean;
}

/** Fetches messages that are missing between others. */
export class Gaps {
  private readonly filling = new Set<string>();

  constructor(
    private readonly api: Pick<Api, "messages">,
    private readonly pause: Pause,
    private readonly inbox: GapHandlers,
  ) {}

  /** Gives the missing messages a moment to come by themselves. */
  fillLater(conversation: Conversation): void {
    if (this.filling.has(conversation.id)) return;
    this.filling.add(conversation.id);
    void this.pause.wait(GAP_PATIENCE).then(async () => {
      const backoff = new Backoff(500, 30_000);
      while (conversation.hasGap && !this.inbox.isClosed) {
        try {
          await this.fill(conversation);
        } catch {
          await this.pause.wait(backoff.next());
        }
      }
      this.filling.delete(conversation.id);
      // A message may have arrived between the last look and the line above.
      if (conversation.hasGap && !this.inbox.isClosed) this.fillLater(conversation);
    });
  }

  async fill(conversation: Conversation): Promise<void> {
    while (conversation.hasGap && !this.inbox.isClosed) {
      const end = Math.min(conversation.position + FILL_PAGE, conversation.last);
      const page = await this.api.messages({ conversation: conversation.id, before: end + 1, size: end - conversation.position })
        .catch((error: unknown) => {
          if (![403, 404].includes(ChatError.of(error).code)) throw error;
          // The group was deleted, or the user is not in it any more.
          return undefined;
        });
      if (this.inbox.isClosed) return;
      if (!page) {
        this.inbox.show(conversation, conversation.skipTo(conversation.last));
        return;
      }
      if (this.inbox.renew(conversation, page.epochs)) {
        conversation.last = page.lastSequence;
        continue;
      }
      conversation.noteTip(page.lastSequence, page.tip);
      for (const message of page.messages.reverse()) this.inbox.show(conversation, conversation.accept(message));
      // What is still missing was removed by retention, or is from before the caller became a member. Waiting would not help.
      this.inbox.show(conversation, conversation.skipTo(end));
    }
  }
}
