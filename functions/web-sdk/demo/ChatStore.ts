import { ChatClient, ChatError, ConnectionState, type ChatMessage, type Contact, type Conversation, type MessageEvent, type UserInfo } from "../src/index.js";

export enum Delivery {
  Sending = "Sending",
  Failed = "Not sent",
  Sent = "Sent",
  Delivered = "Delivered",
  Read = "Read",
}

export interface ShownMessage {
  id: string;
  mine: boolean;
  data: string;
  type: number;
  at: number;
  /** Absent until the server has it. */
  sequence?: number;
  failure?: string;
}

interface Thread {
  messages: ShownMessage[];
  /** Everything from the beginning is here. */
  whole: boolean;
  loading: boolean;
  error?: string;
}

const PAGE = 40;
/** Milliseconds between looks at whether the user of the open conversation is there. */
const LOOK = 20_000;
/** Milliseconds for which a typing signal counts. */
const TYPING = 3_500;

/** What one user's pane shows, kept up to date by the client's events. */
export class ChatStore {
  readonly people = new Map<string, UserInfo>();
  contacts: Contact[] = [];
  contactsLoaded = false;
  blocked = new Set<string>();
  selected?: string;
  /** Up to here everything was read when the conversation was opened. */
  readBefore = 0;
  onChange: () => void = () => {};

  private readonly threads = new Map<string, Thread>();
  private readonly typing = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(readonly client: ChatClient) {
    client.on("message", (message) => this.came(message));
    client.on("failed", ({ message, error }) => this.failed(message.to, message.id, error));
    client.on("sent", (message) => {
      const shown = this.find(message.to, message.id);
      if (shown) shown.sequence = message.sequence;
    });
    client.on("receipt", ({ by, mine }) => {
      if (!mine) this.noteAlive(by);
      this.changed();
    });
    client.on("state", () => this.changed());
    client.on("synchronized", () => {
      void this.loadPeople();
      this.changed();
    });
    client.on("typing", ({ from }) => this.typed(from));
    client.on("presence", ({ user, online, time, status }) => this.update(user, { online, lastSeen: time, status }));
    client.on("profile", ({ user, ...profile }) => this.update(user, profile));
    client.on("joined", () => void this.loadContacts());
    // Presence of others than contacts is not pushed.
    setInterval(() => {
      const peer = this.selected;
      if (peer && this.isOnline && !this.isContact(peer) && document.visibilityState === "visible") void this.look(peer).catch(() => {});
    }, LOOK);
  }

  get self(): string {
    return this.client.loginId ?? "";
  }

  get isOnline(): boolean {
    return this.client.state === ConnectionState.Online;
  }

  async load(): Promise<void> {
    await Promise.all([this.loadContacts(), this.client.lookup([this.self]).then((users) => users.forEach((user) => this.know(user)))]);
    this.changed();
  }

  async loadContacts(): Promise<void> {
    this.contacts = await this.client.contacts.list();
    this.contactsLoaded = true;
    this.blocked = new Set(this.contacts.filter((c) => c.blocked).map((c) => c.id));
    for (const contact of this.contacts) if (contact.registered) this.know(contact);
    this.changed();
  }

  get conversations(): Conversation[] {
    return this.client.conversations.filter((c) => c.lastMessage && !c.group).sort((a, b) => b.lastMessage!.sentAt - a.lastMessage!.sentAt);
  }

  conversationWith(peer: string): Conversation | undefined {
    return this.client.conversations.find((c) => c.peer === peer);
  }

  nameOf(id: string): string {
    return this.people.get(id)?.displayName || id;
  }

  isTyping(peer: string): boolean {
    return this.typing.has(peer);
  }

  isContact(peer: string): boolean {
    return this.contacts.some((contact) => contact.id === peer);
  }

  thread(peer: string): Thread {
    let thread = this.threads.get(peer);
    if (!thread) this.threads.set(peer, (thread = { messages: [], whole: false, loading: false }));
    return thread;
  }

  delivery(peer: string, message: ShownMessage): Delivery {
    if (message.failure) return Delivery.Failed;
    if (message.sequence === undefined) return Delivery.Sending;
    const other = this.conversationWith(peer)?.other;
    if (other && message.sequence <= other.read) return Delivery.Read;
    return other && message.sequence <= other.delivered ? Delivery.Delivered : Delivery.Sent;
  }

  /** @throws ChatError for an id that is nobody's. */
  async open(peer: string): Promise<void> {
    if (!this.people.has(peer)) {
      await this.look(peer);
      if (!this.people.has(peer) && !this.conversationWith(peer)) {
        throw new ChatError(404, "user_not_found", `There is no user "${peer}" in this project.`);
      }
    } else void this.look(peer).catch(() => {});
    this.selected = peer;
    this.readBefore = this.conversationWith(peer)?.own.read ?? 0;
    this.changed();
    if (this.thread(peer).messages.every((m) => m.sequence === undefined)) await this.older(peer);
    this.markRead();
  }

  close(): void {
    this.selected = undefined;
    this.changed();
  }

  async older(peer: string): Promise<void> {
    const thread = this.thread(peer);
    if (thread.loading || thread.whole) return;
    thread.loading = true;
    thread.error = undefined;
    this.changed();
    try {
      const before = thread.messages.find((m) => m.sequence !== undefined)?.sequence;
      const page = await this.client.messages({ with: peer, before, size: PAGE });
      for (const message of page.messages) this.insert(thread, message);
      thread.whole = page.messages.length < PAGE;
    } catch (error) {
      thread.error = ChatError.of(error).message;
    }
    thread.loading = false;
    this.changed();
  }

  send(peer: string, text: string): void {
    const thread = this.thread(peer);
    try {
      const { id, sentTime } = this.client.send({ to: peer, data: text });
      thread.messages.push({ id, mine: true, data: text, type: 1, at: sentTime });
    } catch (error) {
      thread.messages.push({ id: crypto.randomUUID(), mine: true, data: text, type: 1, at: Date.now(), failure: ChatError.of(error).message });
    }
    // What I answer to, I have read.
    this.readBefore = Infinity;
    this.markRead();
    this.changed();
  }

  retry(peer: string, message: ShownMessage): void {
    const thread = this.thread(peer);
    thread.messages = thread.messages.filter((m) => m !== message);
    this.send(peer, message.data);
  }

  markRead(): void {
    const conversation = this.selected && this.conversationWith(this.selected);
    if (!conversation || document.visibilityState !== "visible" || conversation.own.read >= conversation.position) return;
    void this.client.markRead(conversation.id, conversation.position).catch(() => {});
    this.changed();
  }

  async addContact(id: string): Promise<boolean> {
    const { registered } = await this.client.contacts.add(id);
    await this.loadContacts();
    return registered;
  }

  async removeContact(id: string): Promise<void> {
    await this.client.contacts.remove(id);
    await this.loadContacts();
  }

  async setBlocked(id: string, blocked: boolean): Promise<void> {
    if (blocked) await this.client.contacts.block(id);
    else await this.client.contacts.unblock(id);
    this.blocked[blocked ? "add" : "delete"](id);
    this.changed();
  }

  async saveProfile(displayName: string, status: string): Promise<void> {
    const profile = await this.client.updateProfile({ displayName, status });
    this.know({ id: this.self, online: true, lastSeen: 0, displayName: profile.displayName, status: profile.status, photo: profile.photo });
    this.changed();
  }

  private came(message: ChatMessage): void {
    const thread = this.thread(message.with);
    this.insert(thread, message);
    if (!message.mine) {
      this.stopTyping(message.with);
      this.noteAlive(message.from);
    }
    if (!this.people.has(message.with)) void this.loadPeople();
    if (this.selected === message.with) this.markRead();
    this.changed();
  }

  private insert(thread: Thread, message: MessageEvent): void {
    const known = thread.messages.find((m) => m.id === message.id);
    const shown = known ?? { id: message.id, mine: message.from === this.self, data: message.data, type: message.type, at: message.sentAt };
    shown.sequence = message.sequence;
    if (!known) thread.messages.push(shown);
    // What the server has not seen yet comes last, in the order of writing.
    thread.messages.sort((a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity) || 0);
  }

  private failed(peer: string, id: string, error: ChatError): void {
    const shown = this.find(peer, id);
    if (shown) shown.failure = error.reason === "blocked" ? "You cannot write to this user." : error.message;
    this.changed();
  }

  private find(peer: string, id: string): ShownMessage | undefined {
    return this.thread(peer).messages.find((m) => m.id === id);
  }

  private typed(peer: string): void {
    this.noteAlive(peer);
    clearTimeout(this.typing.get(peer));
    this.typing.set(peer, setTimeout(() => this.stopTyping(peer), TYPING));
    this.changed();
  }

  private stopTyping(peer: string): void {
    clearTimeout(this.typing.get(peer));
    this.typing.delete(peer);
    this.changed();
  }

  private async loadPeople(): Promise<void> {
    const unknown = this.conversations.map((c) => c.peer).filter((id) => !this.people.has(id));
    if (unknown.length === 0) return;
    for (const user of await this.client.lookup(unknown).catch(() => [])) this.know(user);
    this.changed();
  }

  private async look(id: string): Promise<void> {
    for (const user of await this.client.lookup([id])) this.know(user);
    this.changed();
  }

  /** Presence is told of contacts only; but who writes is there. */
  private noteAlive(id: string): void {
    if (this.people.get(id)?.online === false) this.update(id, { online: true });
  }

  private know(user: UserInfo): void {
    this.people.set(user.id, user);
  }

  private update(id: string, change: Partial<UserInfo>): void {
    const known = this.people.get(id) ?? { id, displayName: "", status: "", photo: "", online: false, lastSeen: 0 };
    this.people.set(id, { ...known, ...change });
    this.changed();
  }

  private changed(): void {
    this.onChange();
  }
}
