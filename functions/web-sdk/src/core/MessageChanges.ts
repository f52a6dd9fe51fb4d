import type { ChangeApi } from "../api/ChangeApi.js";
import type { ReactionPage } from "../api/wire/changes.js";
import type { MessageEvent, Place, ThreadPage } from "../api/wire/messages.js";
import { ChatError } from "../base/ChatError.js";
import { randomId } from "../base/ids.js";
import type { QueuedChange, QueuedKind } from "../outbox/OutboxEntry.js";
import type { ActiveUser } from "./ActiveUser.js";
import type { Stamp } from "./outgoing.js";
import type { SentHere } from "./SentHere.js";

/** A message: as it came, or where it is, or as {@link ChatClient.send} returned it. */
export type MessageRef = Place | { id: string; to: string };

export interface EditedText {
  data: string;
  mentions?: string[];
  mentionsAll?: boolean;
}

/**
 * What can be done to a message. It works without a network, as sending does: the change is written down, and made in its turn. Each promise resolves
 * when the server has made the change, and rejects when it refuses it. The event `change` tells what the message is then.
 */
export class MessageChanges {
  constructor(
    private readonly api: ChangeApi,
    private readonly sentHere: SentHere,
    private readonly live: () => ActiveUser | undefined,
    private readonly stamp: () => Stamp,
  ) {}

  /**
   * Gives an own message another text. A message that has not left yet leaves with the new text.
   * @param text With whom it mentions from now on, in a group. What is absent stays as it is.
   */
  edit(message: MessageRef, text: EditedText): Promise<void> {
    return quiet(async () => {
      const { live, waiting } = this.find(message);
      if (waiting && live.outbox.rewrite(waiting.id, waiting.to, text)) await this.sentHere.expect(waiting.id);
      else await this.queue(message, "edit", text);
    });
  }

  /** Deletes it for everyone. A message that has not left yet is given up. */
  delete(message: MessageRef): Promise<void> {
    return this.remove(message, "delete");
  }

  /** Hides it on all devices of this user. The others keep it. */
  deleteForMe(message: MessageRef): Promise<void> {
    return this.remove(message, "hide");
  }

  /** @param emoji One emoji. A user can have several on a message. */
  react(message: MessageRef, emoji: string): Promise<void> {
    return quiet(() => this.queue(message, "react", {}, emoji));
  }

  unreact(message: MessageRef, emoji: string): Promise<void> {
    return quiet(() => this.queue(message, "unreact", {}, emoji));
  }

  pin(message: MessageRef): Promise<void> {
    return quiet(() => this.queue(message, "pin"));
  }

  unpin(message: MessageRef): Promise<void> {
    return quiet(() => this.queue(message, "unpin"));
  }

  /** Who has reacted, in pages: with one emoji, or with any. */
  reactions(message: Place, query: { emoji?: string; cursor?: string } = {}): Promise<ReactionPage> {
    return this.api.reactions(message, query);
  }

  /** A page of the thread under a message, newest reply first. A reply is sent with {@link ChatClient.send} and `thread`. */
  thread(message: Place, query: { before?: number; size?: number } = {}): Promise<ThreadPage> {
    return this.api.thread(message, query);
  }

  /** The pinned messages of a conversation, at most 50, the last pinned first. */
  pins(conversation: string): Promise<MessageEvent[]> {
    return this.api.pins(conversation);
  }

  private find(message: MessageRef): { live: ActiveUser; place?: Place; waiting?: { id: string; to: string } } {
    const live = this.live();
    if (!live) throw ChatError.loggedOut();
    if ("sequence" in message && message.sequence) return { live, place: { conversation: message.conversation, sequence: message.sequence } };
    const { id, to } = message as { id: string; to: string };
    const place = this.sentHere.placeOf(id);
    return place ? { live, place } : { live, waiting: live.outbox.has(id) ? { id, to } : undefined };
  }

  private remove(message: MessageRef, kind: "delete" | "hide"): Promise<void> {
    return quiet(async () => {
      const { live, waiting } = this.find(message);
      const error = new ChatError(409, "cancelled", "The message was deleted before it was sent.");
      if (!waiting || !live.outbox.drop(waiting.id, waiting.to, error)) await this.queue(message, kind);
    });
  }

  private async queue(message: MessageRef, kind: QueuedKind, text: Partial<EditedText> = {}, emoji?: string): Promise<void> {
    const { live, place, waiting } = this.find(message);
    const to = waiting?.to ?? (place && (live.inbox.conversations.get(place.conversation)?.peer ?? place.conversation));
    if (!to) throw new ChatError(404, "message_not_found", "There is no such message, or it was not sent.");
    const change: QueuedChange = { kind, place, message: waiting?.id, emoji };
    await live.posting.change({ id: randomId(), to, data: "", type: 0, ...text, ...this.stamp(), change });
  }
}

/** Apps that ignore the promise must not see an "unhandled rejection". */
function quiet(work: () => Promise<void>): Promise<void> {
  const done = (async () => work())();
  done.catch(() => {});
  return done;
}
