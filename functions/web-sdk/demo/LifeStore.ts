import { ChatError, isGroupId, type ConversationSettings, type MessageEvent, type MessageRef } from "../src/index.js";
import type { ChatStore } from "./ChatStore.js";
import { Room } from "./Room.js";
import type { SendExtras, ShownMessage } from "./Thread.js";

/** What the next message does: answers one, or replaces the text of one. */
export interface Composing {
  kind: "reply" | "edit";
  message: ShownMessage;
}

/** What the user does with messages after they were sent, and with conversations. */
export class LifeStore {
  /** Tells the user what was refused. */
  onRefused: (message: string) => void = () => {};

  private readonly composing = new Map<string, Composing>();

  constructor(private readonly store: ChatStore) {
    const { client } = store;
    client.on("change", ({ with: peer, message }) => {
      const shown = store.thread(peer).find(message.id);
      // What is not shown comes with its page.
      if (shown) store.thread(peer).insert(message, store.self);
      if (message.deletedAt) for (const [key, { message: about }] of this.composing) if (about.id === message.id) this.composing.delete(key);
      store.onChange();
    });
    client.on("settings", ({ with: peer, settings, hiddenSequences }) => {
      if (hiddenSequences) store.thread(peer).hide(hiddenSequences);
      if (settings.clearedThrough) store.thread(peer).clear(settings.clearedThrough);
      store.onChange();
    });
    client.on("historyReset", ({ with: peer }) => void store.reload(peer));
    client.on("restored", ({ with: peer }) => void store.reload(peer));
  }

  composingIn(room: Room): Composing | undefined {
    return this.composing.get(room.key);
  }

  compose(room: Room, composing: Composing | undefined): void {
    if (composing) this.composing.set(room.key, composing);
    else this.composing.delete(room.key);
    this.store.onChange();
  }

  settings(peer: string): Partial<ConversationSettings> {
    return this.store.conversationWith(peer)?.settings ?? {};
  }

  isMuted(peer: string): boolean {
    const until = this.settings(peer).mutedUntil ?? 0;
    return until === -1 || until > this.store.client.now;
  }

  /** Adds the user's reaction, or takes it back. */
  react(message: ShownMessage, emoji: string): void {
    const { changes } = this.store.client;
    const mine = message.event?.reactions?.some((reaction) => reaction.emoji === emoji && reaction.mine);
    this.run(mine ? changes.unreact(this.ref(message), emoji) : changes.react(this.ref(message), emoji));
  }

  edit(peer: string, message: ShownMessage, text: string): void {
    if (text === (message.rewritten ?? message.data)) return;
    const extras = this.mentionsIn(peer, text);
    message.rewritten = text;
    // Not sent yet: it is shown, and sent again after a failure, as it leaves.
    if (message.sequence === undefined) message.data = text;
    this.run(this.store.client.changes.edit(this.ref(message, peer), { data: text, mentions: extras.mentions }).catch((error) => {
      message.rewritten = undefined;
      this.store.onChange();
      throw error;
    }));
    this.store.onChange();
  }

  delete(room: Room, message: ShownMessage, forEveryone: boolean): void {
    const { changes } = this.store.client;
    const waits = message.sequence === undefined;
    if (waits && message.failure) return this.forget(room, message);
    this.run((forEveryone ? changes.delete(this.ref(message, room.peer)) : changes.deleteForMe(this.ref(message, room.peer))).then(() => {
      if (waits && message.sequence === undefined) this.forget(room, message);
    }));
  }

  /** Takes a message off the screen that the server does not have. */
  forget(room: Room, message: ShownMessage): void {
    this.store.messagesIn(room).remove(message);
    this.store.onChange();
  }

  pin(message: ShownMessage, pinned: boolean): void {
    const { changes } = this.store.client;
    this.run(pinned ? changes.pin(this.ref(message)) : changes.unpin(this.ref(message)));
  }

  pins(peer: string): Promise<MessageEvent[]> {
    const id = this.store.conversationWith(peer)?.id;
    return id ? this.store.client.changes.pins(id) : Promise.resolve([]);
  }

  forward(message: ShownMessage, to: string): void {
    const { conversation, sequence } = message.event!;
    this.store.send(new Room(to), message.data, message.type, { forward: { conversation, sequence } });
  }

  /** Changes what the user has set for a conversation. */
  set(peer: string, change: Parameters<ChatStore["client"]["preferences"]["set"]>[1]): void {
    const id = this.store.conversationWith(peer)?.id;
    if (id) this.run(this.store.client.preferences.set(id, change));
  }

  clear(peer: string): void {
    const id = this.store.conversationWith(peer)?.id;
    if (id) this.run(this.store.client.preferences.clear(id));
  }

  /** Members of a group whom a text speaks to, as `@id`; `@all` counts for those who may. */
  mentionsIn(peer: string, text: string): SendExtras {
    const group = isGroupId(peer) ? this.store.groups.details.get(peer) : undefined;
    if (!group || !text.includes("@")) return {};
    const speaks = (id: string): boolean => new RegExp(`(^|\\s)@${id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}_])`, "u").test(text);
    const mentions = group.members.map(({ id }) => id).filter((id) => id !== this.store.self && speaks(id)).slice(0, 50);
    const mentionsAll = group.role !== "member" && speaks("all");
    return { ...(mentions.length > 0 ? { mentions } : {}), ...(mentionsAll ? { mentionsAll } : {}) };
  }

  private ref(message: ShownMessage, peer = ""): MessageRef {
    return message.event ?? { id: message.id, to: peer };
  }

  private run(work: Promise<unknown>): void {
    work.catch((error) => this.onRefused(ChatError.of(error).message));
  }
}
