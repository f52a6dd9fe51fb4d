import type { ChangeApi } from "../api/ChangeApi.js";
import type { ChangeEvent, ChangeKind, ChangeResponse } from "../api/wire/changes.js";
import type { ConversationChanges, MessageEvent, Reaction } from "../api/wire/messages.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import type { Pause } from "../base/Pause.js";
import type { Conversation } from "./Conversation.js";

/** Milliseconds to wait for a change that another one has overtaken, before it is fetched. */
const GAP_PATIENCE = 300;
/** Milliseconds over which the members of a large group spread, who all have to ask for the same change. */
const SPREAD = 5_000;

/** What is known of a change beside the message. Nothing, when several were fetched together. */
export interface ChangeNews {
  kind: ChangeKind;
  /** Absent when an app's server did it. */
  by?: string;
  at: number;
}

export interface ChangeHandlers {
  readonly isClosed: boolean;
  /** @returns null for a conversation that is not the user's any more, and undefined for one that is not known here. */
  find(id: string): Conversation | null | undefined;
  /** Synchronizes, unless that is yet to come anyway. */
  ask(): void;
}

export interface ChangeEvents {
  changed?(conversation: Conversation, message: MessageEvent, news?: ChangeNews): void;
  reset?(conversation: Conversation): void;
}

/** Makes one state of live changes (which may be lost, doubled or out of order), of answers to own changes, and of what synchronizing brings. */
export class ChangeFlow {
  private readonly filling = new Set<Conversation>();
  private early: ChangeEvent[] = [];

  constructor(
    private readonly api: Pick<ChangeApi, "changes">,
    private readonly self: string,
    private readonly pause: Pause,
    private readonly inbox: ChangeHandlers,
    private readonly events: ChangeEvents,
  ) {}

  /** A change that came live. */
  receive(event: ChangeEvent): void {
    const conversation = this.inbox.isClosed ? null : this.inbox.find(event.conversation);
    if (conversation === null) return;
    const epoch = event.epoch ?? conversation?.epoch ?? 0;
    if (conversation && epoch === conversation.epoch) this.live(conversation, event);
    else if (!conversation || epoch > conversation.epoch) {
      // The message, or what was restored, is not known here yet.
      this.early.push(event);
      this.inbox.ask();
    }
  }

  /** Synchronizing is done, or a conversation has begun. What has come too early finds its place; the rest was brought by synchronizing. */
  goOn(begun?: Conversation): void {
    for (const event of this.early.splice(0)) {
      const conversation = this.inbox.find(event.conversation);
      if (begun && conversation !== begun) this.early.push(event);
      else if (conversation && (event.epoch ?? conversation.epoch) === conversation.epoch) this.live(conversation, event);
    }
  }

  private live(conversation: Conversation, event: ChangeEvent): void {
    const { changes } = conversation;
    // It was fetched already, perhaps together with later ones.
    if (event.change <= (changes.through ?? 0) && !changes.known(event.sequence)) return;
    const { change, kind, by, at } = event;
    const own = by === this.self ? event : {};
    const message = event.message && withOwn(event.message, this.self, changes.known(event.sequence), own);
    if (message) {
      changes.came(change);
      this.take(conversation, message, false, { kind, by, at });
    } else {
      // The server does not send it to all alike, or only it knows whether one of the reactions is this user's.
      changes.through ??= change - 1;
      changes.exists(change);
    }
    if (changes.hasGap) this.fillLater(conversation, event.message ? 0 : Math.random() * SPREAD);
  }

  /**
   * The answer to a change by this client. Like live changes, it does not say which reactions are this user's.
   * @param made What was asked for.
   */
  answered(answer: ChangeResponse, news: ChangeNews, made: OwnReaction = {}): void {
    const { conversation: id, change, message, duplicate } = answer;
    const conversation = this.inbox.find(id);
    if (!message || !conversation || this.inbox.isClosed) return;
    const { changes } = conversation;
    const whole = withOwn(message, this.self, changes.known(answer.sequence), made);
    if (whole) {
      if (!duplicate && change) changes.came(change);
      this.take(conversation, whole, false, news);
    } else if (change) {
      changes.through ??= change - 1;
      changes.exists(change);
    }
    if (changes.hasGap) this.fillLater(conversation);
  }

  /** @param goesOn Whether the conversation was known before, and the server has not lost any of it. */
  synchronized(conversation: Conversation, news: ConversationChanges, goesOn: boolean): void {
    const { changes } = conversation;
    if (news.lastChange === undefined && !news.changesReset) return;
    if (goesOn && changes.through !== undefined && !news.changesReset) {
      for (const message of news.changed ?? []) this.take(conversation, message, true);
      if (news.changedThrough !== undefined) changes.cover(news.changedThrough);
      changes.exists(news.lastChange ?? 0);
      if (changes.hasGap) this.fillLater(conversation);
    } else {
      const restart = news.changesReset || changes.isLost || changes.through !== undefined;
      changes.begin(news.lastChange ?? 0);
      if (restart) this.events.reset?.(conversation);
    }
    for (const message of news.messages) changes.take(message, true);
  }

  private take(conversation: Conversation, message: MessageEvent, personal: boolean, news?: ChangeNews): void {
    const { tip: _, epoch: __, ...plain } = message;
    if (!conversation.changes.take(plain, personal)) return;
    if (conversation.lastMessage?.sequence === plain.sequence) conversation.lastMessage = plain;
    // A message that is still to come will come in this state.
    if (plain.sequence > conversation.position) return;
    conversation.noteMention(plain, this.self);
    this.events.changed?.(conversation, plain, news);
  }

  private fillLater(conversation: Conversation, more = 0): void {
    if (this.filling.has(conversation)) return;
    this.filling.add(conversation);
    void this.pause.wait(GAP_PATIENCE + more).then(async () => {
      const backoff = new Backoff(500, 30_000);
      while (conversation.changes.hasGap && !this.inbox.isClosed) {
        try {
          await this.fill(conversation);
        } catch (error) {
          // The user is not in the group any more.
          if ([403, 404].includes(ChatError.of(error).code)) conversation.changes.cover(conversation.changes.last);
          else await this.pause.wait(backoff.next());
        }
      }
      this.filling.delete(conversation);
    });
  }

  private async fill(conversation: Conversation): Promise<void> {
    const { changes } = conversation;
    const { epoch } = conversation;
    const after = changes.through!;
    const page = await this.api.changes(conversation.id, after);
    // Restored meanwhile: synchronizing has begun anew.
    if (this.inbox.isClosed || conversation.epoch !== epoch) return;
    if (page.reset) {
      changes.begin(page.lastChange);
      this.events.reset?.(conversation);
      return;
    }
    for (const message of page.messages) this.take(conversation, message, true);
    changes.exists(page.lastChange);
    // An answer without progress would be asked for again, for ever.
    changes.cover(page.through > after ? page.through : page.lastChange);
    if (page.through <= after && page.lastChange <= after) changes.cover(changes.last);
  }
}

/** The reaction that this user has just added or taken back, if any. */
interface OwnReaction {
  emoji?: string;
  removed?: boolean;
}

/**
 * Completes what is the same for everybody with which reactions are this user's.
 * @param known The state before.
 * @returns undefined when that is not certain.
 */
function withOwn(message: MessageEvent, self: string, known: MessageEvent | undefined, made: OwnReaction): MessageEvent | undefined {
  if (!message.reactions) return message;
  const mine = ({ emoji, users, count }: Reaction): boolean | undefined => {
    if (users.includes(self)) return true;
    if (count <= users.length) return false;
    if (made.emoji && isSame(made.emoji, emoji)) return !made.removed;
    return known && (known.reactions?.find((other) => other.emoji === emoji)?.mine ?? false);
  };
  const reactions = message.reactions.map((reaction) => ({ reaction, own: mine(reaction) }));
  if (reactions.some(({ own }) => own === undefined)) return undefined;
  return { ...message, reactions: reactions.map(({ reaction, own }) => (own ? { ...reaction, mine: true } : reaction)) };
}

/** The server answers every emoji in one form; an app may have written it without the sign that asks for a picture. */
function isSame(one: string, other: string): boolean {
  return one.replaceAll("\uFE0F", "") === other.replaceAll("\uFE0F", "");
}
