import type { Api } from "../api/Api.js";
import type { ChangeApi } from "../api/ChangeApi.js";
import type { ConversationChanges, Epoch, MessageEvent, MessagePage } from "../api/wire/messages.js";
import { ChatError } from "../base/ChatError.js";
import { Pause } from "../base/Pause.js";
import { ChangeFlow } from "./ChangeFlow.js";
import { Conversation } from "./Conversation.js";
import { stillTold } from "./epochs.js";
import { Gaps } from "./Gaps.js";
import { isGroupId } from "./GroupList.js";
import { NO_MEMORY, NOTHING, type InboxEvents, type InboxMemory } from "./InboxEvents.js";
import { opened } from "./opened.js";
import { Recall } from "./Recall.js";

/** So many messages come at once of each conversation that is not known here yet. The rest is fetched afterwards. */
const NEWEST = 10;
const PARALLEL_FILLS = 3;

/**
 * Makes one orderly stream of live messages (which may be lost, doubled or out of order) and of what synchronizing brings. A live message that
 * skips a sequence is held. When the missing message does not come by itself, it is fetched.
 */
export class Inbox {
  readonly conversations = new Map<string, Conversation>();
  /** What happens to messages after they were sent. */
  readonly flow: ChangeFlow;

  /** All conversations that existed at log-in are known, so an unknown one is new and begins at 1. */
  private based = false;
  private early: MessageEvent[] = [];
  private running?: Promise<void>;
  private following?: Promise<void>;
  /** Groups that were forgotten, and in which run. Messages and answers that were on their way then do not bring them back. A later run does. */
  private readonly forgotten = new Map<string, number>();
  /** Forgotten groups, as they were then. */
  private readonly parked = new Map<string, Conversation>();
  /** Conversations to ask for by name. Otherwise the server does not mention a conversation without news. */
  private readonly wanted = new Set<string>();
  private recalls: Recall[] = [];
  private hasGroups = false;
  private runs = 0;
  private readonly pause = new Pause();
  private readonly gaps: Gaps;
  private closed = false;

  constructor(
    private readonly api: Pick<Api, "sync" | "messages"> & Pick<ChangeApi, "changes">,
    private readonly self: string,
    private readonly events: InboxEvents,
    private readonly memory: InboxMemory = NO_MEMORY,
  ) {
    const isClosed = () => this.closed;
    const handlers = {
      get isClosed() {
        return isClosed();
      },
      show: this.show.bind(this),
      renew: this.renew.bind(this),
      find: (id: string) => (this.forgotten.has(id) ? null : this.conversations.get(id)),
      ask: () => void (this.based && this.synchronize().catch(() => {})),
    };
    this.gaps = new Gaps(api, this.pause, handlers);
    this.flow = new ChangeFlow(api, self, this.pause, handlers, events);
  }

  /** Whether `conversations` is complete. */
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
    if (!conversation && isGroupId(message.conversation) && (message.sequence > 1 || !this.hasGroups) && !asked) {
      // The user has just been added to this group. Only the server knows with which message it begins for them. Or it is the first group of all,
      // and whom the user has blocked is asked for when synchronizing brings it.
      this.early.push(message);
      void this.synchronize().catch(() => {});
      return;
    }
    if (conversation && message.epoch && message.epoch !== conversation.epoch && !this.isOfNow(conversation, message, asked)) return;
    conversation ??= this.begin(message);
    // The tip and the epoch are between this client and the server: the app does not see them.
    const { tip, epoch: _, ...plain } = message;
    conversation.noteTip(message.sequence, tip);
    this.show(conversation, conversation.accept(plain));
    if (this.isSilent(conversation, plain)) this.events.silent?.(conversation, plain);
    if (conversation.hasGap) this.gaps.fillLater(conversation);
  }

  /** A page for the app: newer states that came meanwhile are in it. */
  page(page: MessagePage): MessagePage {
    const conversation = this.conversations.get(page.conversation);
    if (!conversation) return page;
    if (this.renew(conversation, page.epochs)) void this.synchronize().catch(() => {});
    return { ...page, messages: page.messages.map((message) => conversation.inPage(message, this.self)) };
  }

  /** @returns false for a message from before a restore of the server, and for one after a restore that is not known here yet. */
  private isOfNow(conversation: Conversation, message: MessageEvent, asked: boolean): boolean {
    if (message.epoch! < conversation.epoch) return false;
    if (asked) {
      this.renew(conversation, [{ epoch: message.epoch!, lastSequence: message.sequence - 1 }]);
      return true;
    }
    // Only the server knows what was restored.
    this.early.push(message);
    void this.synchronize().catch(() => {});
    return false;
  }

  /** @param epochs As the server tells them with everything that it sends. */
  renew(conversation: Conversation, epochs: readonly Epoch[] | undefined): boolean {
    const lost = conversation.renew(epochs);
    if (lost) this.events.restored?.(conversation);
    return lost;
  }

  /** Somebody has received `sequence`, so it exists. */
  noteLast(conversationId: string, sequence: number): void {
    const conversation = this.conversations.get(conversationId);
    if (!conversation || sequence <= conversation.last) return;
    conversation.last = sequence;
    this.gaps.fillLater(conversation);
  }

  /** Fetches everything that was missed. A call during a run is answered by the next run, because what it asks for may be newer than this one. */
  synchronize(): Promise<void> {
    if (!this.running) return (this.running = this.run().finally(() => (this.running = undefined)));
    this.following ??= this.running.catch(() => {}).then(() => {
      this.following = undefined;
      return this.synchronize();
    });
    return this.following;
  }

  /** As above, but a run that has begun already is good enough. Later messages come live, or with the run after the next connection. */
  join(): Promise<void> {
    return this.running ?? this.synchronize();
  }

  /** The group is not among the user's conversations any more. */
  forget(conversationId: string): void {
    const known = this.conversations.get(conversationId);
    if (known) this.parked.set(conversationId, known);
    this.conversations.delete(conversationId);
    this.forgotten.set(conversationId, this.runs);
  }

  /** The user is in this group again. Call {@link synchronize} afterwards. */
  welcome(conversationId: string): void {
    this.forgotten.delete(conversationId);
  }

  /** The same for a group that the user had blocked: it goes on where it was. */
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
    // Messages that come before or during the first run wait for its end. Later ones wait for a run that began after them.
    const early = first ? this.early : this.early.splice(0);
    try {
      await this.ask(first);
    } catch (error) {
      if (!first) this.early.unshift(...early);
      throw error;
    }
    this.based = true;
    for (const message of early.splice(0)) this.take(message, !first);
    this.flow.goOn();
    for (const recall of this.recalls.splice(0)) {
      // Without the ids the marks alone are told.
      await recall.fetch(this.api, (message) => this.remember(recall.conversation, message)).catch(() => {});
      if (!this.closed) this.events.marks(recall.conversation, recall.changes.own, recall.changes.other);
    }
    const behind = [...this.conversations.values()].filter((c) => c.hasGap);
    const fillNext = async (): Promise<void> => {
      for (let next = behind.pop(); next; next = behind.pop()) await this.gaps.fill(next);
    };
    await Promise.all(Array.from({ length: PARALLEL_FILLS }, fillNext));
  }

  private async ask(first: boolean): Promise<void> {
    // Every portion names all known conversations. For one without a name here, the server would send messages that are here already.
    const wanted = [...this.wanted].filter((id) => !this.conversations.has(id)).map((id) => [id, Number.MAX_SAFE_INTEGER] as const);
    const conversations = Object.fromEntries([...wanted, ...[...this.conversations.values()].map((c) => [c.id, c.position] as const)]);
    const changes = Object.fromEntries([...this.conversations.values()].flatMap((c) => (c.changes.through === undefined ? [] : [[c.id, c.changes.through]])));
    let cursor: string | undefined;
    do {
      // Also in later runs: a conversation that began since then is new here, even if another device has received all of it.
      const begun = performance.now();
      const answer = await this.api.sync({ conversations, changes, newest: NEWEST, cursor });
      if (answer.serverTime) this.events.time?.(answer.serverTime, performance.now() - begun);
      if (answer.conversations.some((changes) => changes.group)) {
        this.hasGroups = true;
        await this.events.groups?.();
      }
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
    if (known) this.renew(known, changes.epochs);
    const conversation = known ?? this.open(changes, baseline);
    conversation.last = Math.max(conversation.last, changes.lastSequence);
    conversation.noteTip(changes.lastSequence, changes.tip);
    conversation.closed = changes.closed ?? false;
    if (changes.name !== undefined) conversation.name = changes.name;
    if (changes.unread !== undefined) conversation.noteReadUpTo(changes.lastSequence - changes.unread);
    // Left and joined again: what was said in between is not for this user.
    if (known && (changes.firstSequence ?? 1) > known.position + 1) this.show(known, known.skipTo(changes.firstSequence! - 1));
    if (!known && baseline) {
      if (changes.own) conversation.advanceOwn(changes.own);
      if (changes.firstSequence) conversation.advanceOwn({ delivered: changes.firstSequence - 1, read: changes.firstSequence - 1 });
      // They were shown before, on another day or device. The list of conversations still needs them.
      for (const message of changes.messages) if (message.sequence <= conversation.position) this.remember(conversation, message);
    }
    const recall = known ? undefined : Recall.of(conversation, changes);
    if (recall) this.recalls.push(recall);
    else this.events.marks(conversation, changes.own, changes.other);
    this.flow.synchronized(conversation, changes, !!known && !conversation.changes.isLost);
    for (const message of changes.messages) this.show(conversation, conversation.accept(message));
    if (changes.unreadMentions !== undefined) conversation.noteMentions(changes.unreadMentions, changes.lastSequence);
    if (changes.settings && conversation.advanceSettings(changes.settings) && known) this.events.settings?.(changes.settings);
  }

  private open(changes: ConversationChanges, baseline: boolean): Conversation {
    const told = baseline ? stillTold(this.memory.of(changes.conversation), changes.epochs) : NOTHING;
    return this.add(opened(changes, { self: this.self, baseline, told, wanted: this.wanted.has(changes.conversation) }));
  }

  /** Begins a conversation that is new since the log-in. Of a group with a past, this client shows only what comes from now on. */
  private begin(message: MessageEvent): Conversation {
    const group = isGroupId(message.conversation);
    const peer = group || message.from === this.self ? message.to : message.from;
    const conversation = this.add(new Conversation(message.conversation, peer, group, group ? message.sequence - 1 : 0));
    conversation.epoch = message.epoch ?? 0;
    conversation.noteReadUpTo(conversation.position);
    // Whatever has changed before is asked for with the next synchronizing.
    conversation.changes.begin(0);
    this.flow.goOn(conversation);
    return conversation;
  }

  private add(conversation: Conversation): Conversation {
    this.conversations.set(conversation.id, conversation);
    return conversation;
  }

  private show(conversation: Conversation, messages: MessageEvent[]): void {
    for (const told of messages) {
      const message = conversation.changes.newer(told);
      this.remember(conversation, message);
      if (!this.isSilent(conversation, message)) this.events.message(conversation, message);
    }
  }

  private isSilent(conversation: Conversation, { from, sequence }: MessageEvent): boolean {
    return from === this.self && sequence <= conversation.silentUpTo;
  }

  private remember(conversation: Conversation, message: MessageEvent): void {
    conversation.note(message, this.self);
    if (message.from === this.self && message.reports !== false) conversation.expectReceipts(message.sequence, message.id);
  }
}
