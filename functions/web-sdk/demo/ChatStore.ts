import {
  ChatClient, ChatError, ConnectionState, isGroupId, type ChatMessage, type Contact, type Conversation, type MessageEvent, type UserInfo,
} from "../src/index.js";
import { GroupStore } from "./GroupStore.js";

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
  /** Who wrote it; the user himself when absent. */
  from?: string;
  data: string;
  type: number;
  at: number;
  /** Absent until the server has it. */
  sequence?: number;
  failure?: string;
  /** Of a file. */
  thumbnail?: string;
  size: number;
  /** While it is on its way. */
  upload?: { loaded: number; total: number };
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
  readonly groups: GroupStore;
  selected?: string;
  /** Up to here everything was read when the conversation was opened. */
  readBefore = 0;
  onChange: () => void = () => {};

  private readonly files = new Map<string, File>();
  private readonly threads = new Map<string, Thread>();
  /** By user or group: who types there. */
  private readonly typing = new Map<string, { by: string; timer: ReturnType<typeof setTimeout> }>();

  constructor(readonly client: ChatClient) {
    this.groups = new GroupStore(client, () => this.changed(), (ids) => void this.loadPeople(...ids));
    client.on("message", (message) => this.came(message));
    client.on("failed", ({ message, error }) => this.failed(message.to, message.id, error));
    client.on("sent", (message) => {
      const shown = this.find(message.to, message.id);
      if (shown) Object.assign(shown, { sequence: message.sequence, type: message.type, upload: undefined });
      this.changed();
    });
    client.on("fileProgress", ({ id, to, key, loaded, total }) => {
      const upload = { loaded, total };
      const shown = this.find(to, id);
      if (shown) shown.upload = upload;
      // Begun before the page was loaded anew.
      else this.thread(to).messages.push({ id, mine: true, data: key, type: 7, at: Date.now(), size: total, upload });
      this.changed();
    });
    client.on("receipt", ({ by, mine }) => {
      if (!mine) this.noteAlive(by);
      this.changed();
    });
    client.on("state", () => this.changed());
    client.on("synchronized", () => {
      void this.loadPeople();
      void this.groups.load();
      this.changed();
    });
    client.on("typing", ({ from, group }) => this.typed(from, group ?? from));
    client.on("presence", ({ user, online, time, status }) => this.update(user, { online, lastSeen: time, status }));
    client.on("profile", ({ user, ...profile }) => this.update(user, profile));
    client.on("joined", () => void this.loadContacts());
    // Presence of others than contacts is not pushed.
    setInterval(() => {
      const peer = this.selected;
      if (peer && !isGroupId(peer) && this.isOnline && !this.isContact(peer) && document.visibilityState === "visible") void this.look(peer).catch(() => {});
    }, LOOK);
  }

  get self(): string {
    return this.client.loginId ?? "";
  }

  get isOnline(): boolean {
    return this.client.state === ConnectionState.Online;
  }

  async load(): Promise<void> {
    await Promise.all([this.loadContacts(), this.groups.load(), this.client.lookup([this.self]).then((users) => users.forEach((user) => this.know(user)))]);
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
    return this.client.conversations.filter((c) => c.lastMessage && this.groups.shows(c)).sort((a, b) => b.lastMessage!.sentAt - a.lastMessage!.sentAt);
  }

  conversationWith(peer: string): Conversation | undefined {
    return this.client.conversations.find((c) => c.peer === peer);
  }

  nameOf(id: string): string {
    return isGroupId(id) ? this.groups.nameOf(id) : this.people.get(id)?.displayName || id;
  }

  /** Address of the picture; of the small one of a photo that was uploaded as such. */
  photoOf(id: string): string | undefined {
    const key = isGroupId(id) ? this.groups.list.get(id)?.photo : this.people.get(id)?.photo;
    return !key ? undefined : /^https?:\/\//.test(key) ? key : this.client.mediaUrl(`thumb_${key}`);
  }

  isTyping(peer: string): boolean {
    return this.typing.has(peer);
  }

  typingText(peer: string): string {
    const by = this.typing.get(peer)?.by;
    return by === undefined || by === peer ? "typing …" : `${this.nameOf(by)} is typing …`;
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
      await this.look(peer);
      if (!this.people.has(peer) && !this.conversationWith(peer)) {
        throw new ChatError(404, "user_not_found", `There is no user "${peer}" in this project.`);
      }
    } else void this.look(peer).catch(() => {});
    this.selected = peer;
    this.readBefore = this.conversationWith(peer)?.own.read ?? 0;
    this.changed();
    // What came live is the end of the conversation: what was said before may never have been here.
    if (this.thread(peer).messages.filter((m) => m.sequence !== undefined).length < PAGE) await this.older(peer);
    this.markRead();
  }

  /** @throws ChatError for a group that is not the user's, now or earlier. */
  private async openGroup(id: string): Promise<void> {
    try {
      await this.groups.look(id);
    } catch (error) {
      // He still sees what was said while he was a member.
      if (!this.conversationWith(id)) throw error;
    }
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

  send(peer: string, text: string, type = 1): void {
    const thread = this.thread(peer);
    const size = text.length;
    try {
      const { id, sentTime } = this.client.send({ to: peer, data: text, type });
      thread.messages.push({ id, mine: true, data: text, type, at: sentTime, size });
    } catch (error) {
      thread.messages.push({ id: crypto.randomUUID(), mine: true, data: text, type, at: Date.now(), failure: ChatError.of(error).message, size });
    }
    // What I answer to, I have read.
    this.readBefore = Infinity;
    this.markRead();
    this.changed();
  }

  sendFile(peer: string, file: File): void {
    const thread = this.thread(peer);
    const { id, sentTime, data, type } = this.client.sendFile({ to: peer, file });
    this.files.set(id, file);
    thread.messages.push({ id, mine: true, data, type, at: sentTime, size: file.size, upload: { loaded: 0, total: file.size } });
    this.readBefore = Infinity;
    this.markRead();
    this.changed();
  }

  retry(peer: string, message: ShownMessage): void {
    const thread = this.thread(peer);
    thread.messages = thread.messages.filter((m) => m !== message);
    const file = this.files.get(message.id);
    if (file) this.sendFile(peer, file);
    else this.send(peer, message.data, message.type);
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

  async saveProfile(displayName: string, status: string, picture?: File): Promise<void> {
    const photo = picture ? await this.client.uploadPhoto(picture) : undefined;
    const profile = await this.client.updateProfile({ displayName, status, photo });
    this.know({ id: this.self, online: true, lastSeen: 0, displayName: profile.displayName, status: profile.status, photo: profile.photo });
    this.changed();
  }

  private came(message: ChatMessage): void {
    const thread = this.thread(message.with);
    this.insert(thread, message);
    if (!message.mine) {
      if (this.typing.get(message.with)?.by === message.from) this.stopTyping(message.with);
      this.noteAlive(message.from);
    }
    if (!this.people.has(message.from) || (!message.group && !this.people.has(message.with))) void this.loadPeople(message.from);
    if (this.selected === message.with) this.markRead();
    this.changed();
  }

  private insert(thread: Thread, message: MessageEvent): void {
    const known = thread.messages.find((m) => m.id === message.id);
    const shown: ShownMessage = known ?? { id: message.id, mine: message.from === this.self, from: message.from, data: message.data, type: message.type, at: message.sentAt, size: message.size };
    Object.assign(shown, { sequence: message.sequence, type: message.type, thumbnail: message.thumbnail, size: message.size, upload: undefined });
    this.files.delete(message.id);
    if (!known) thread.messages.push(shown);
    // What the server has not seen yet comes last, in the order of writing.
    thread.messages.sort((a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity) || 0);
  }

  private failed(peer: string, id: string, error: ChatError): void {
    const shown = this.find(peer, id);
    if (shown) shown.upload = undefined;
    if (shown) shown.failure = error.reason === "blocked" ? "You cannot write to this user."
      : error.reason === "not_a_member" ? "You are not in this group any more." : error.message;
    this.changed();
  }

  private find(peer: string, id: string): ShownMessage | undefined {
    return this.thread(peer).messages.find((m) => m.id === id);
  }

  private typed(by: string, where: string): void {
    this.noteAlive(by);
    clearTimeout(this.typing.get(where)?.timer);
    this.typing.set(where, { by, timer: setTimeout(() => this.stopTyping(where), TYPING) });
    this.changed();
  }

  private stopTyping(where: string): void {
    clearTimeout(this.typing.get(where)?.timer);
    this.typing.delete(where);
    this.changed();
  }

  private async loadPeople(...more: string[]): Promise<void> {
    const peers = this.conversations.filter((c) => !c.group).map((c) => c.peer);
    const unknown = [...peers, ...more].filter((id) => !this.people.has(id));
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
