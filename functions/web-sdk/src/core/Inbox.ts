import type { Api } from "../api/Api.js";
import type { ConversationChanges, Mark, MessageEvent } from "../api/wire/messages.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { Pause } from "../base/Pause.js";
import { Conversation } from "./Conversation.js";
import { isGroupId } from "./GroupList.js";

/** Messages of each conversation that is not known here yet; who missed more gets the rest afterwards. */
const NEWEST = 10;
const FILL_PAGE = 200;
const PARALLEL_FILLS = 3;
/** Milliseconds in which messages that overtook each other sort themselves out without a call. */
const GAP_PATIENCE = 300;

export interface InboxEvents {
  /** The next message of a conversation: each exactly once, without gaps, in order. */
  message(conversation: Conversation, message: MessageEvent): void;
  /** Somebody's marks as of now, which may be what they were. */
  marks(conversation: Conversation, own: Mark | undefined, other: Mark | undefined): void;
}

/**
 * Turns what arrives live (perhaps lost, doubled or out of order) and what synchronizing brings into one orderly stream.
 * A live message that skips a sequence is held; when what is missing does not come by itself, it is fetched.
 */
export class Inbox {
  readonly conversations = new Map<string, Conversation>();

  /** All conversations that existed at log-in are known, so an unknown one is new and begins at 1. */
  private based = false;
  private early: MessageEvent[] = [];
  private running?: Promise<void>;
  private following?: Promise<void>;
  private readonly filling = new Set<string>();
  /** Groups that were forgotten, and in which run: what was on its way then does not bring them back, what a later run says does. */
  private readonly forgotten = new Map<string, number>();
  /** As they were when they were forgotten. */
  private readonly parked = new Map<string, Conversation>();
  /** Those to ask for by name, because what is known of them already is not mentioned otherwise. */
  private readonly wanted = new Set<string>();
  private runs = 0;
  private readonly pause = new Pause();
  private closed = false;

  constructor(
    private readonly api: Pick<Api, "sync" | "messages">,
    private readonly self: string,
    private readonly events: InboxEvents,
  ) {}

  /** Whether the conversations below are complete. */
  get isComplete(): boolean {
    return this.based;
  }

  find(peer: string): Conversation | undefined {
    for (const conversation of this.conversations.values()) if (conversation.peer === peer) return conversation;
    return undefined;
  }

  /** A message that came live, or that this client has just sent. */
  receive(message: MessageEvent): void {
    this.take(message, false);
  }

  /** @param asked Whether synchronizing has been tried for it. */
  private take(message: MessageEvent, asked: boolean): void {
    if (this.closed || this.forgotten.has(message.conversation)) return;
    let conversation = this.conversations.get(message.conversation);
    if (!conversation && !this.based) {
      this.early.push(message);
      return;
    }
    if (!conversation && isGroupId(message.conversation) && message.sequence > 1 && !asked) {
      // A group that the user has just been added to: where it begins for him, only the server knows.
      this.early.push(message);
      void this.synchronize().catch(() => {});
      return;
    }
    conversation ??= this.begin(message);
    this.show(conversation, conversation.accept(message));
    if (conversation.hasGap) this.fillLater(conversation);
  }

  /** Somebody has received `sequence`, so it exists. */
  noteLast(conversationId: string, sequence: number): void {
    const conversation = this.conversations.get(conversationId);
    if (!conversation || sequence <= conversation.last) return;
    conversation.last = sequence;
    this.fillLater(conversation);
  }

  /** Fetches everything that was missed. A call during a run is answered by a run that begins after it: what it asks for may be newer. */
  synchronize(): Promise<void> {
    if (!this.running) return (this.running = this.run().finally(() => (this.running = undefined)));
    this.following ??= this.running.catch(() => {}).then(() => {
      this.following = undefined;
      return this.synchronize();
    });
    return this.following;
  }

  /** A run that has begun already is good enough: what comes after it comes live, or with the run that follows a connection. */
  join(): Promise<void> {
    return this.running ?? this.synchronize();
  }

  /** A group that is not among the user's conversations any more. */
  forget(conversationId: string): void {
    const known = this.conversations.get(conversationId);
    if (known) this.parked.set(conversationId, known);
    this.conversations.delete(conversationId);
    this.forgotten.set(conversationId, this.runs);
  }

  /** A group that is the user's again. To be followed by {@link synchronize}. */
  welcome(conversationId: string): void {
    this.forgotten.delete(conversationId);
  }

  /** The same with a group that he had blocked: it is where it was. */
  restore(conversationId: string): void {
    this.welcome(conversationId);
    const parked = this.parked.get(conversationId);
    if (parked) this.conversations.set(conversationId, parked);
    else this.wanted.add(conversationId);
  }

  close(): void {
    this.closed = true;
    this.pause.end();
  }

  private async run(): Promise<void> {
    const first = !this.based;
    this.runs++;
    // Those of the first run wait until it has ended; later ones until one has that began after them.
    const early = first ? this.early : this.early.splice(0);
    try {
      await this.ask(first);
    } catch (error) {
      if (!first) this.early.unshift(...early);
      throw error;
    }
    this.based = true;
    for (const message of early.splice(0)) this.take(message, !first);
    const behind = [...this.conversations.values()].filter((c) => c.hasGap);
    const fillNext = async (): Promise<void> => {
      for (let next = behind.pop(); next; next = behind.pop()) await this.fill(next);
    };
    await Promise.all(Array.from({ length: PARALLEL_FILLS }, fillNext));
  }

  private async ask(first: boolean): Promise<void> {
    // All that is known is named in every portion: an unnamed conversation would be answered as if nothing of it were here.
    const wanted = [...this.wanted].filter((id) => !this.conversations.has(id)).map((id) => [id, Number.MAX_SAFE_INTEGER] as const);
    const conversations = Object.fromEntries([...wanted, ...[...this.conversations.values()].map((c) => [c.id, c.position] as const)]);
    let cursor: string | undefined;
    do {
      // Later, too: a conversation that has begun since is new here, also when another device has received all of it.
      const answer = await this.api.sync({ conversations, newest: NEWEST, cursor });
      if (this.closed) throw ChatError.loggedOut();
      for (const changes of answer.conversations) this.apply(changes, first && !(changes.conversation in conversations));
      cursor = answer.cursor;
    } while (cursor);
    for (const [id] of wanted) this.wanted.delete(id);
  }

  private apply(changes: ConversationChanges, baseline: boolean): void {
    if ((this.forgotten.get(changes.conversation) ?? 0) >= this.runs) return;
    this.forgotten.delete(changes.conversation);
    const known = this.conversations.get(changes.conversation);
    const conversation = known ?? this.open(changes, baseline);
    conversation.last = Math.max(conversation.last, changes.lastSequence);
    conversation.closed = changes.closed ?? false;
    if (changes.name !== undefined) conversation.name = changes.name;
    // Left and joined again: what was said in between is not for this user.
    if (known && (changes.firstSequence ?? 1) > known.position + 1) this.show(known, known.skipTo(changes.firstSequence! - 1));
    if (!known && baseline) {
      conversation.countFrom(changes.messages[0]?.sequence ?? changes.lastSequence + 1);
      if (changes.own) conversation.advanceOwn(changes.own);
      if (changes.firstSequence) conversation.advanceOwn({ delivered: changes.firstSequence - 1, read: changes.firstSequence - 1 });
      // Shown before, on another day or device, but the list of conversations wants to know them.
      for (const message of changes.messages) if (message.sequence <= conversation.position) this.remember(conversation, message);
    }
    this.events.marks(conversation, changes.own, changes.other);
    for (const message of changes.messages) this.show(conversation, conversation.accept(message));
  }

  private open(changes: ConversationChanges, baseline: boolean): Conversation {
    // What was not delivered anywhere yet is new to this client. Own messages are not: they only lie behind the mark.
    let position = baseline || changes.group ? Math.min(changes.own?.delivered ?? changes.lastSequence, changes.lastSequence) : 0;
    // From before the user became a member.
    position = Math.max(position, (changes.firstSequence ?? 1) - 1);
    while (baseline && changes.messages.find((m) => m.sequence === position + 1)?.from === this.self) position++;
    return this.add(new Conversation(changes.conversation, changes.with, changes.group ?? false, position));
  }

  /** A conversation that began after the log-in. Of a group that has a past, this client sees what comes from now on. */
  private begin(message: MessageEvent): Conversation {
    const group = isGroupId(message.conversation);
    const peer = group || message.from === this.self ? message.to : message.from;
    return this.add(new Conversation(message.conversation, peer, group, group ? message.sequence - 1 : 0));
  }

  private add(conversation: Conversation): Conversation {
    this.conversations.set(conversation.id, conversation);
    return conversation;
  }

  private show(conversation: Conversation, messages: MessageEvent[]): void {
    for (const message of messages) {
      this.remember(conversation, message);
      this.events.message(conversation, message);
    }
  }

  private remember(conversation: Conversation, message: MessageEvent): void {
    conversation.note(message, this.self);
    if (message.from === this.self) conversation.expectReceipts(message.sequence, message.id);
  }

  private fillLater(conversation: Conversation): void {
    if (this.filling.has(conversation.id)) return;
    this.filling.add(conversation.id);
    void this.pause.wait(GAP_PATIENCE).then(async () => {
      const backoff = new Backoff(500, 30_000);
      while (conversation.hasGap && !this.closed) {
        try {
          await this.fill(conversation);
        } catch {
          await this.pause.wait(backoff.next());
        }
      }
      this.filling.delete(conversation.id);
      // One that arrived between the last look and the line above.
      if (conversation.hasGap && !this.closed) this.fillLater(conversation);
    });
  }

  private async fill(conversation: Conversation): Promise<void> {
    while (conversation.hasGap && !this.closed) {
      const end = Math.min(conversation.position + FILL_PAGE, conversation.last);
      const page = await this.api.messages({ conversation: conversation.id, before: end + 1, size: end - conversation.position })
        .catch((error: unknown) => {
          if (![403, 404].includes(ChatError.of(error).code)) throw error;
          // A group that was deleted, or is not the user's any more.
          return undefined;
        });
      if (this.closed) return;
      if (!page) {
        this.show(conversation, conversation.skipTo(conversation.last));
        return;
      }
      for (const message of page.messages.reverse()) this.show(conversation, conversation.accept(message));
      // Removed by retention, or from before the caller became a member: there is nothing to wait for.
      this.show(conversation, conversation.skipTo(end));
    }
  }
}
