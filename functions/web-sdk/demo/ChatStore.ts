import { ChatError, ConnectionState, isGroupId, type ChatClient, type ChatMessage, type Conversation, type MessageEvent } from "../src/index.js";
import { isKey } from "../src/files/fileKey.js";
import { plain } from "./dom.js";
import { isolated } from "./format.js";
import { GroupStore } from "./GroupStore.js";
import { LifeStore } from "./LifeStore.js";
import { People } from "./People.js";
import { Room } from "./Room.js";
import { Delivery, Thread, type SendExtras, type ShownMessage } from "./Thread.js";
import { Typists } from "./Typists.js";

const PAGE = 40;
/** Milliseconds between looks at whether the user of the open conversation is there. */
const LOOK = 20_000;

/** What one user's pane shows, kept up to date by the client's events. */
export class ChatStore {
  readonly people: People;
  readonly groups: GroupStore;
  readonly life: LifeStore;
  selected?: string;
  /** Everything up to here had been read when the conversation was opened. */
  readBefore = 0;
  onChange: () => void = () => {};

  private readonly files = new Map<string, File>();
  private readonly revealed = new Set<string>();
  private readonly threads = new Map<string, Thread>();
  private readonly typists = new Typists(() => this.changed());

  constructor(readonly client: ChatClient) {
    this.people = new People(client, () => this.changed());
    this.groups = new GroupStore(client, () => this.changed(), (ids) => void this.loadPeople(...ids));
    this.life = new LifeStore(this);
    client.on("message", (message) => this.came(message));
    client.on("failed", ({ message, error }) => this.failed(message.to, message.id, error));
    client.on("sent", (message) => {
      const shown = this.thread(message.to).find(message.id);
      if (shown) Object.assign(shown, { sequence: message.sequence, type: message.type, upload: undefined });
      this.changed();
    });
    client.on("fileProgress", ({ id, to, key, loaded, total }) => {
      const upload = { loaded, total };
      const shown = this.thread(to).find(id);
      if (shown) shown.upload = upload;
      // The upload was begun before the page was reloaded.
      else this.thread(to).add({ id, mine: true, data: key, type: 7, at: Date.now(), size: total, upload });
      this.changed();
    });
    client.on("receipt", ({ by, mine }) => {
      if (!mine) this.people.noteAlive(by);
      this.changed();
    });
    client.on("state", () => this.changed());
    client.on("synchronized", () => {
      void this.loadPeople();
      void this.groups.load();
      this.changed();
    });
    client.on("typing", ({ from, group }) => {
      this.people.noteAlive(from);
      this.typists.note(from, group ?? from);
    });
    // The server pushes the presence of contacts only.
    setInterval(() => {
      const peer = this.selected;
      if (!peer || isGroupId(peer) || this.people.isContact(peer)) return;
      if (this.isOnline && document.visibilityState === "visible") void this.people.look(peer).catch(() => {});
    }, LOOK);
  }

  get self(): string {
    return this.client.loginId ?? "";
  }

  get isOnline(): boolean {
    return this.client.state === ConnectionState.Online;
  }

  async load(): Promise<void> {
    await Promise.all([this.people.loadContacts(), this.groups.load(), this.people.look(this.self)]);
    this.changed();
  }

  get conversations(): Conversation[] {
    const rank = (c: Conversation): number => (c.settings.favourite ? 1 : 0);
    return this.client.conversations.filter((c) => c.lastMessage && this.groups.shows(c))
      .sort((a, b) => rank(b) - rank(a) || b.lastMessage!.sentAt - a.lastMessage!.sentAt);
  }

  /** Conversations with something new, but for those that are muted or archived. */
  get unread(): number {
    return this.conversations.filter((c) => c.unread > 0 && !c.settings.archived && !this.life.isMuted(c.peer)).length;
  }

  conversationWith(peer: string): Conversation | undefined {
    return this.client.conversations.find((c) => c.peer === peer);
  }

  nameOf(id: string): string {
    return plain((isGroupId(id) ? this.groups.nameOf(id) : this.people.get(id)?.displayName) || id);
  }

  /** The address of a picture. For an uploaded photo, that of its small version. */
  photoOf(id: string): string | undefined {
    const key = isGroupId(id) ? this.groups.list.get(id)?.photo : this.people.get(id)?.photo;
    // An address of somebody else is not loaded: it would tell them who looks, and from where.
    return key && isKey(key) ? this.client.mediaUrl(`thumb_${key}`) : undefined;
  }

  /** What to show while somebody types there. */
  typingText(peer: string): string | undefined {
    const by = this.typists.in(peer);
    return by === undefined ? undefined : by === peer ? "typing …" : `${isolated(this.nameOf(by))} is typing …`;
  }

  /** Whether a message is by somebody whom the user has blocked, and was not asked for. */
  isHidden(peer: string, message: { mine: boolean; from?: string }): boolean {
    return !message.mine && message.from !== undefined && this.people.blocked.has(message.from) && !this.revealed.has(`${peer} ${message.from}`);
  }

  /** Shows what a blocked user has written in this conversation. */
  reveal(peer: string, author: string): void {
    this.revealed.add(`${peer} ${author}`);
    this.changed();
  }

  thread(peer: string): Thread {
    let thread = this.threads.get(peer);
    if (!thread) this.threads.set(peer, (thread = new Thread()));
    return thread;
  }

  delivery(peer: string, message: ShownMessage): Delivery {
    if (message.failure) return Delivery.Failed;
    if (message.sequence === undefined) return Delivery.Sending;
    if (isGroupId(peer)) {
      const { of, delivered, read } = this.groups.reach(peer, message.sequence);
      return of > 0 && read === of ? Delivery.Read : of > 0 && delivered === of ? Delivery.Delivered : Delivery.Sent;
    }
    const other = this.conversationWith(peer)?.other;
    if (other && message.sequence <= other.read) return Delivery.Read;
    return other && message.sequence <= other.delivered ? Delivery.Delivered : Delivery.Sent;
  }

  /** @throws ChatError for an id that is nobody's. */
  async open(peer: string): Promise<void> {
    if (isGroupId(peer)) await this.openGroup(peer);
    else if (!this.people.has(peer)) {
      await this.people.look(peer);
      if (!this.people.has(peer) && !this.conversationWith(peer)) {
        throw new ChatError(404, "user_not_found", `There is no user "${isolated(peer)}" in this project.`);
      }
    } else void this.people.look(peer).catch(() => {});
    this.selected = peer;
    this.readBefore = this.conversationWith(peer)?.own.read ?? 0;
    this.changed();
    // Live messages are the end of the conversation. What was said before them may never have been loaded.
    const thread = this.thread(peer);
    const isBroken = thread.endFrom(this.conversationWith(peer)?.last) !== thread.accepted[0]?.sequence;
    if (isBroken || thread.accepted.length < PAGE) await this.older(new Room(peer));
    this.markRead();
  }

  /** @throws ChatError for a group that is not the user's, now or earlier. */
  private async openGroup(id: string): Promise<void> {
    try {
      await this.groups.look(id);
    } catch (error) {
      // A former member still sees what was said while they were in the group.
      if (!this.conversationWith(id)) throw error;
    }
  }

  close(): void {
    this.selected = undefined;
    this.changed();
  }

  /** What is shown of a conversation or thread. */
  messagesIn(room: Room): Thread {
    return this.thread(room.peer);
  }

  /** @param size Messages of the page, at most 1,000. */
  async older(room: Room, size = PAGE): Promise<void> {
    const { peer } = room;
    const thread = this.messagesIn(room);
    if (thread.loading || thread.whole) return;
    thread.loading = true;
    thread.error = undefined;
    this.changed();
    try {
      const before = thread.endFrom(this.conversationWith(peer)?.last);
      const page = await this.client.messages({ with: peer, before, size });
      for (const message of page.messages) this.insert(thread, message);
      const hidden = page.hiddenSequences ?? [];
      thread.hide(hidden);
      thread.whole = page.messages.length + hidden.length < size;
    } catch (error) {
      thread.error = ChatError.of(error).message;
    }
    thread.loading = false;
    this.changed();
  }

  /** What is shown may be out of date. */
  async reload(peer: string): Promise<void> {
    this.thread(peer).reset();
    this.changed();
    if (this.selected === peer) await this.older(new Room(peer));
  }

  send(room: Room, text: string, type = 1, extras: SendExtras = {}): void {
    const { peer } = room;
    const thread = this.messagesIn(room);
    const size = text.length;
    try {
      const { id, sentTime } = this.client.send({ to: peer, data: text, type, ...extras });
      const answered = extras.replyTo === undefined ? undefined : thread.at(extras.replyTo)?.event;
      const quote = answered && { sequence: answered.sequence, from: answered.from, type: answered.type, data: answered.data.slice(0, 200) };
      thread.add({ id, mine: true, data: text, type, at: sentTime, size, extras, quote });
    } catch (error) {
      thread.add({ id: crypto.randomUUID(), mine: true, data: text, type, at: Date.now(), failure: ChatError.of(error).message, size, extras });
    }
    // Whoever answers has read what they answer to.
    this.readBefore = Infinity;
    this.markRead();
    this.changed();
  }

  sendFile(room: Room, file: File): void {
    const { peer } = room;
    const thread = this.messagesIn(room);
    const { id, sentTime, data, type } = this.client.sendFile({ to: peer, file });
    this.files.set(id, file);
    thread.add({ id, mine: true, data, type, at: sentTime, size: file.size, upload: { loaded: 0, total: file.size } });
    this.readBefore = Infinity;
    this.markRead();
    this.changed();
  }

  retry(room: Room, message: ShownMessage): void {
    this.messagesIn(room).remove(message);
    const file = this.files.get(message.id);
    if (file) this.sendFile(room, file);
    else this.send(room, message.data, message.type, message.extras);
  }

  markRead(): void {
    const conversation = this.selected && this.conversationWith(this.selected);
    const isRead = conversation && conversation.own.read >= conversation.position && !conversation.settings.unreadFrom;
    if (!conversation || document.visibilityState !== "visible" || isRead) return;
    void this.client.markRead(conversation.id, conversation.position).catch(() => {});
    this.changed();
  }

  private came(message: ChatMessage): void {
    this.insert(this.thread(message.with), message);
    if (!message.mine) {
      if (this.typists.in(message.with) === message.from) this.typists.stop(message.with);
      this.people.noteAlive(message.from);
    }
    if (!this.people.has(message.from) || (!message.group && !this.people.has(message.with))) void this.loadPeople(message.from);
    if (this.selected === message.with) this.markRead();
    this.changed();
  }

  private insert(thread: Thread, message: MessageEvent): void {
    thread.insert(message, this.self);
    this.files.delete(message.id);
  }

  private failed(peer: string, id: string, error: ChatError): void {
    const shown = this.thread(peer).find(id);
    if (shown) shown.upload = undefined;
    // The user has deleted it themself.
    if (error.reason === "cancelled" && shown && !this.files.has(id)) this.thread(peer).remove(shown);
    if (shown) shown.failure = error.reason === "blocked" ? "You cannot write to this user."
      : error.reason === "not_a_member" ? "You are not in this group any more." : error.message;
    this.changed();
  }

  private loadPeople(...more: string[]): Promise<void> {
    return this.people.load([...this.conversations.filter((c) => !c.group).map((c) => c.peer), ...more]);
  }

  private changed(): void {
    this.onChange();
  }
}
