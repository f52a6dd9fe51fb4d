import { FileSender } from "../files/FileSender.js";
import { newKey } from "../files/fileKey.js";
import type { TransferRecord } from "../files/TransferStore.js";
import { LiveChannel } from "../live/LiveChannel.js";
import { Heartbeat } from "../live/Heartbeat.js";
import { Outbox } from "../outbox/Outbox.js";
import type { OutboxEntry } from "../outbox/OutboxEntry.js";
import { OutboxStore } from "../outbox/OutboxStore.js";
import { defaultTextStore, type TextStore } from "../outbox/TextStore.js";
import { Api } from "./Api.js";
import { Backoff } from "./Backoff.js";
import { ChatError } from "./ChatError.js";
import { ConnectionState, type AcceptedMessage, type ChatEvents, type ChatMessage, type OutgoingMessage } from "./ChatEvents.js";
import { ContactList } from "./ContactList.js";
import type { Conversation } from "./Conversation.js";
import { Emitter } from "./Emitter.js";
import { GroupList } from "./GroupList.js";
import { GroupNews } from "./GroupNews.js";
import { Http } from "./Http.js";
import { randomId } from "./ids.js";
import { Inbox } from "./Inbox.js";
import { MessageType } from "./MessageType.js";
import { PageSignals } from "./PageSignals.js";
import { Receipts } from "./Receipts.js";
import { Session } from "./Session.js";
import { UserDirectory } from "./UserDirectory.js";
import type {
  CompletedUpload, ConversationPage, GroupEvent, Mark, MessageEvent, MessagePage, OwnProfile, PresenceEvent, Profile, ProfileEvent, ReceiptEvent,
  SendResponse, TypingEvent,
  UserInfo,
} from "./wire.js";

export interface ChatClientOptions {
  /** Address of the function app, such as `https://chat.example.com`. */
  server: string;
  projectId: string;
  /** What this device calls itself in the list of sessions; at most 64 characters. */
  device?: string;
  /** Where unsent messages are written down. Default: `localStorage` in browsers, memory elsewhere. */
  storage?: TextStore;
  /** A WebSocket class, for Node before 22. */
  webSocket?: unknown;
}

export interface SendOptions {
  /** Login id of the recipient. */
  to: string;
  data: string;
  type?: MessageType;
  contentType?: string;
  /** Default: random. The same id is never accepted twice, so who sends again after a doubt uses it again. */
  id?: string;
}

export interface SendFileOptions {
  /** Login id of the recipient. */
  to: string;
  file: Blob;
  /** Default: the file's own. */
  name?: string;
  /** Default: by the file's MIME type. The server makes a document of what is none. */
  type?: MessageType;
  contentType?: string;
  /** Key or http(s) address of a thumbnail, where neither server nor browser can make one. */
  thumbnailUrl?: string;
  /** As for messages. */
  id?: string;
  /** Default: made of the name. */
  key?: string;
}

/** What exists between a log-in and a logout. */
interface Live {
  self: string;
  inbox: Inbox;
  outbox: Outbox;
  files: FileSender;
  receipts: Receipts;
  directory: UserDirectory;
  channel: LiveChannel;
  heartbeat: Heartbeat;
  signals: PageSignals;
}

interface Outcome {
  promise: Promise<AcceptedMessage>;
  resolve(message: AcceptedMessage): void;
  reject(error: ChatError): void;
}

/** Milliseconds between typing signals to the same user. */
const TYPING_INTERVAL = 1_500;
/** Groups whose receipts are fetched after an interruption: the most recent ones that this client has written to. */
const MAX_RECEIPT_GROUPS = 20;

/** A user of a project, logged in from this device. Log in, listen to events, send. */
export class ChatClient extends Emitter<ChatEvents> {
  readonly projectId: string;
  readonly server: string;
  readonly contacts: ContactList;
  readonly groups: GroupList;

  /** Of this very client, so that it does not hear of its own changes of groups. */
  private readonly clientId = randomId();
  private readonly groupNews = new GroupNews();
  private readonly http: Http;
  private readonly api: Api;
  private readonly session: Session;
  private live?: Live;
  private currentState = ConnectionState.LoggedOut;
  private clientSequence = 0;
  private readonly typingAt = new Map<string, number>();
  private readonly local = new Set<string>();
  private readonly outcomes = new Map<string, Outcome>();

  constructor(private readonly options: ChatClientOptions) {
    super();
    this.projectId = options.projectId;
    this.server = options.server.replace(/\/+$/, "");
    this.http = new Http(this.server);
    this.api = new Api(this.http);
    this.session = new Session(this.http);
    this.http.tokens = this.session;
    this.contacts = new ContactList(() => this.api, () => this.live?.directory);
    this.groups = new GroupList(() => this.api, this.clientId);
    this.session.onEnded = (error) => this.sessionEnded(error);
    this.session.onRenewed = () => this.emit("renewed", { refreshToken: this.session.refreshToken! });
  }

  get loginId(): string | undefined {
    return this.live?.self;
  }

  get state(): ConnectionState {
    return this.currentState;
  }

  /** Server time − local time, in milliseconds. */
  get timeOffset(): number {
    return this.session.timeOffset;
  }

  /** For who wants to {@link resume} after a reload. It is as good as a password until the logout. */
  get refreshToken(): string | undefined {
    return this.session.refreshToken;
  }

  /** The caller's conversations as far as known; complete after the first `synchronized`. */
  get conversations(): Conversation[] {
    return [...(this.live?.inbox.conversations.values() ?? [])];
  }

  get isSynchronized(): boolean {
    return this.live?.inbox.isComplete ?? false;
  }

  get unsent(): number {
    return (this.live?.outbox.size ?? 0) + (this.live?.files.size ?? 0);
  }

  /** The live connection is made afterwards: sending works at once. */
  async logIn(loginId: string, password: string): Promise<void> {
    const before = this.session.loginId ? await this.session.accessToken().catch(() => undefined) : undefined;
    await this.session.logIn(this.projectId, loginId, password, this.options.device);
    // Nobody would end the session that this one takes the place of.
    if (before) void this.revoke(before, {});
    this.begin();
  }

  /** Creates a user who can log in then; only where the project is open for it. Repeated with the same password, it is no error. */
  signUp(loginId: string, password: string): Promise<void> {
    return this.session.signUp(this.projectId, loginId, password);
  }

  /** Goes on with a session by its refresh token. */
  async resume(refreshToken: string): Promise<void> {
    await this.session.resume(refreshToken);
    this.begin();
  }

  /** Ends the session on the server too. Unsent messages are dropped and reported as failed. Safe to call at any time. */
  async logOut(options: { everywhere?: boolean } = {}): Promise<void> {
    const live = this.live;
    const token = this.session.end();
    const connection = live?.channel.connectionId;
    this.end(new ChatError(401, "logged_out", "The user has logged out."));
    if (!token) return;
    await this.revoke(token, options, connection);
  }

  /**
   * Sends, now or as soon as possible: the message survives a lost network and a reload.
   * @returns what was written down; `accepted` when the server has it, rejected when it is refused for good.
   */
  send(message: SendOptions): OutgoingMessage & { accepted: Promise<AcceptedMessage> } {
    const live = this.live;
    if (!live) throw ChatError.loggedOut();
    const entry: OutboxEntry = {
      id: message.id ?? randomId(),
      to: message.to,
      data: message.data,
      type: message.type ?? MessageType.Text,
      contentType: message.contentType,
      clientTime: this.serverNow(),
      clientSequence: ++this.clientSequence,
    };
    live.outbox.add(entry);
    this.remember(entry.id);
    return { ...outgoing(entry), accepted: this.outcome(entry.id) };
  }

  /**
   * Sends a file: straight to the storage, in blocks, over lost networks and page reloads; the recipient hears of it when all of it is there.
   * `fileProgress` tells how far it is.
   * @returns its key, with which {@link mediaUrl} makes an address; `accepted` as for {@link send}.
   */
  sendFile(options: SendFileOptions): OutgoingMessage & { accepted: Promise<AcceptedMessage> } {
    const live = this.live;
    if (!live) throw ChatError.loggedOut();
    const { file, to } = options;
    const name = options.name ?? (file as File).name ?? "file";
    const record: Omit<TransferRecord, "scope"> = {
      id: options.id ?? randomId(), key: options.key ?? newKey(name), to, file, name,
      type: options.type ?? typeOf(file.type), contentType: options.contentType ?? file.type, thumbnailUrl: options.thumbnailUrl,
      clientTime: this.serverNow(), clientSequence: ++this.clientSequence,
    };
    this.remember(record.id);
    const accepted = this.outcome(record.id);
    live.files.add(record);
    return { ...outgoingFile(record), accepted };
  }

  /** Gives up a file that is on its way. @returns false when it is sent, or unknown. */
  cancelFile(id: string): boolean {
    return this.live?.files.cancel(id) ?? false;
  }

  /** Uploads a picture of a user or group; the server makes a square of it, without metadata. @returns its key, for the profile. */
  uploadPhoto(file: Blob, name = (file as File).name ?? "photo"): Promise<string> {
    return this.live?.files.photo(file, name) ?? Promise.reject(ChatError.loggedOut());
  }

  /** Address of a file; with "thumb_" or "preview_" before its key, of its thumbnail or preview. Works in `<img src>`. */
  mediaUrl(key: string): string {
    return this.mediaPrefix + key.split("/").map(encodeURIComponent).join("/");
  }

  /** Before any key. Stays the same for all users of the project. */
  get mediaPrefix(): string {
    return this.server + this.session.mediaPath;
  }

  /** A page of a conversation, newest first. */
  async messages(query: { with?: string; conversation?: string; before?: number; offset?: number; size?: number }): Promise<MessagePage> {
    const page = await this.api.messages(query);
    const conversation = this.live?.inbox.conversations.get(page.conversation);
    for (const message of page.messages) {
      if (conversation && message.from === this.loginId) conversation.expectReceipts(message.sequence, message.id);
    }
    return page;
  }

  /** A page of the caller's conversations, most recent first, from the server. */
  listConversations(offset = 0, size = 50): Promise<ConversationPage> {
    return this.api.conversations(offset, size);
  }

  /** Everything up to `sequence` is read. @returns when the server knows. */
  markRead(conversation: string, sequence: number): Promise<void> {
    const live = this.live;
    if (!live) return Promise.reject(ChatError.loggedOut());
    live.inbox.conversations.get(conversation)?.advanceOwn({ delivered: sequence, read: sequence });
    return live.receipts.add({ conversation, read: sequence });
  }

  /** Incoming messages are marked as delivered by themselves; this is for who received one in another way. */
  markDelivered(conversation: string, sequence: number): Promise<void> {
    return this.live?.receipts.add({ conversation, delivered: sequence }) ?? Promise.reject(ChatError.loggedOut());
  }

  /** Tells the other side that something is being written. Call it with every key: it limits itself. */
  typing(target: { to: string } | { group: string }): void {
    const key = JSON.stringify(target);
    const now = Date.now();
    if (Math.abs(now - (this.typingAt.get(key) ?? 0)) < TYPING_INTERVAL) return;
    this.typingAt.set(key, now);
    this.live?.channel.send("typing", target);
  }

  /** Names, presence and status of users; of those who exist. */
  lookup(ids: readonly string[]): Promise<UserInfo[]> {
    return this.live?.directory.lookup(ids) ?? Promise.reject(ChatError.loggedOut());
  }

  profile(): Promise<OwnProfile> {
    return this.api.profile();
  }

  /** What is absent stays as it is; "" clears. */
  updateProfile(change: Partial<Profile>): Promise<OwnProfile> {
    return this.api.updateProfile(change);
  }

  /** Fetches what was missed; it happens by itself after the log-in and every reconnect. */
  synchronize(): Promise<void> {
    return this.live?.inbox.join() ?? Promise.reject(ChatError.loggedOut());
  }

  private begin(): void {
    const self = this.session.loginId!;
    if (this.live?.self === self) {
      // The same user once more: what waits to be sent goes on with the new session.
      this.live.channel.start();
      this.live.channel.hurry();
      this.live.outbox.hurry();
      if (!this.live.channel.isUp) this.setState(ConnectionState.Connecting);
      return;
    }
    this.end(new ChatError(401, "logged_out", "Another user has logged in."));
    const inbox = new Inbox(this.api, self, {
      message: (conversation, message) => this.received(conversation, message),
      marks: (conversation, own, other) => {
        if (own && conversation.advanceOwn(own)) this.emitReceipt(conversation, self, own);
        if (other) this.advanceOther(conversation, conversation.peer, other);
      },
    });
    const store = new OutboxStore(this.options.storage ?? defaultTextStore(), `${this.projectId}|${self}`, () => this.emit("storageFull", undefined));
    const outbox = new Outbox(store, (entry) => this.post(entry), {
      accepted: (entry, answer) => this.accepted(entry, answer),
      refused: (entry, error) => this.refused(outgoing(entry), error),
    });
    const files = new FileSender(this.api, `${this.projectId}|${self}`, {
      progress: ({ id, to, key, file }, loaded) => this.emit("fileProgress", { id, to, key, loaded, total: file.size }),
      accepted: (record, file) => this.fileAccepted(record, file),
      refused: (record, error) => this.refused(outgoingFile(record), error),
      full: () => this.emit("storageFull", undefined),
    });
    const receipts = new Receipts((batch, keepalive) => this.api.receipts(batch, keepalive));
    const directory = new UserDirectory(this.api, {
      presence: (event) => this.emit("presence", event),
      profile: (event) => this.emit("profile", event),
    });
    const heartbeat = new Heartbeat((connection) => this.api.beat(connection));
    let interrupted = false;
    const channel: LiveChannel = new LiveChannel({
      url: () => `${this.server}/api/v1/realtime?u=${encodeURIComponent(this.session.realtimeUser)}`,
      token: (refused) => this.session.accessToken(refused),
      webSocket: this.options.webSocket,
      handlers: {
        message: (message: MessageEvent) => inbox.receive(message),
        receipt: (event: ReceiptEvent) => this.receiptCame(event),
        presence: (event: PresenceEvent) => directory.notePresence(event),
        profile: (event: ProfileEvent) => directory.noteProfile(event),
        joined: (event: { user: string }) => {
          directory.forget(event.user);
          this.emit("joined", event);
        },
        typing: (event: TypingEvent) => {
          // A group's signal comes back to who gave it.
          if (event.from !== self) this.emit("typing", event);
        },
        group: (event: GroupEvent) => this.groupCame(event),
      },
      onUp: (connectionId) => {
        heartbeat.start(connectionId);
        this.setState(ConnectionState.Online);
        outbox.hurry();
        void this.catchUp(live);
        if (interrupted) {
          void directory.refresh().catch(() => {});
          void this.catchUpReceipts(live);
        }
        interrupted = true;
      },
      onDown: () => {
        heartbeat.stop();
        if (this.live === live) this.setState(ConnectionState.Offline);
      },
    });
    const signals = new PageSignals({
      online: () => {
        channel.renew();
        outbox.hurry();
      },
      awake: () => {
        channel.hurry();
        outbox.hurry();
      },
      // Long enough to have slept, or to have lost a live event that no other followed.
      back: () => void this.catchUp(live),
      leaving: () => receipts.flush(),
    });
    const live: Live = { self, inbox, outbox, files, receipts, directory, channel, heartbeat, signals };
    this.live = live;
    this.setState(ConnectionState.Connecting);
    void outbox.start();
    void files.start();
    channel.start();
    // At the same time as the connection; what comes between the two is fetched when it is up.
    inbox.synchronize().catch(() => {});
  }

  /** The page may be left at once: both calls must have begun by then, and live longer than it. */
  private async revoke(token: string, options: { everywhere?: boolean }, connection?: string): Promise<void> {
    const once = new Http(this.server);
    once.tokens = { accessToken: async () => token };
    const goodbye = connection
      ? once.call("DELETE", "presence", { query: { connection }, keepalive: true, retry: false }).catch(() => {})
      : undefined;
    await Promise.all([goodbye, once.call("POST", "sessions/logout", { body: options, keepalive: true, deadline: 5_000 }).catch(() => {})]);
  }

  private end(error: ChatError): void {
    const live = this.live;
    if (!live) return;
    this.live = undefined;
    live.heartbeat.stop();
    live.channel.stop();
    live.inbox.close();
    live.receipts.close();
    live.signals.close();
    live.outbox.clear(error);
    live.files.clear(error);
    this.typingAt.clear();
    this.groupNews.clear();
    this.setState(ConnectionState.LoggedOut);
  }

  private sessionEnded(error: ChatError): void {
    const live = this.live;
    // The user's own wish, on another device: as if it had been here.
    if (error.reason === "logged_out_everywhere") {
      this.end(error);
      this.emit("sessionEnded", error);
      return;
    }
    // Only the connection ends. The outbox stays, and goes on after the next log-in of the same user.
    live?.channel.stop();
    live?.heartbeat.stop();
    this.setState(ConnectionState.LoggedOut);
    this.emit("sessionEnded", error);
  }

  /** Until it has worked, or the next connection does it. */
  private async catchUp(live: Live): Promise<void> {
    const backoff = new Backoff(500, 10_000);
    for (const connection = live.channel.connectionId; this.live === live && live.channel.connectionId === connection; ) {
      try {
        await live.inbox.synchronize();
        if (this.live === live) this.emit("synchronized", undefined);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backoff.next()));
      }
    }
  }

  /** Synchronizing tells how far the other user is, but not how far all members of a group are: asks for those of groups that wait for it. */
  private async catchUpReceipts(live: Live): Promise<void> {
    const waiting = [...live.inbox.conversations.values()]
      .filter((c) => c.group && !c.closed && c.firstWaiting((id) => this.local.has(id)) !== undefined)
      .sort((a, b) => (b.lastMessage?.sentAt ?? 0) - (a.lastMessage?.sentAt ?? 0));
    await Promise.all(waiting.slice(0, MAX_RECEIPT_GROUPS).map(async (conversation) => {
      const { members } = await this.api.groupReceipts(conversation.id);
      const before = conversation.firstWaiting((id) => this.local.has(id));
      if (this.live !== live || before === undefined) return;
      for (const member of members) {
        if (member.id !== live.self) this.advanceMember(conversation, member.id, member, { delivered: before - 1, read: before - 1 });
      }
    })).catch(() => {});
  }

  private async post(entry: OutboxEntry): Promise<SendResponse> {
    const { id, ...message } = entry;
    try {
      return await this.api.send({ ...message, clientMessageId: id });
    } catch (error) {
      const failure = ChatError.of(error);
      // Not the message's fault: it waits for the next log-in.
      throw failure.code === 401 ? new ChatError(401, failure.reason, failure.message, true) : failure;
    }
  }

  private accepted(entry: OutboxEntry, answer: SendResponse): void {
    const self = this.live?.self;
    if (!self) return;
    this.remember(entry.id);
    const message = { ...outgoing(entry), conversation: answer.conversation, sequence: answer.sequence, sentAt: answer.sentAt };
    this.outcomes.get(entry.id)?.resolve(message);
    this.outcomes.delete(entry.id);
    this.emit("sent", message);
    this.live?.inbox.receive({
      conversation: answer.conversation,
      sequence: answer.sequence,
      id: entry.id,
      from: self,
      to: entry.to,
      type: entry.type,
      contentType: entry.contentType ?? "text/plain",
      data: entry.data,
      size: entry.data.length,
      sentAt: answer.sentAt,
      clientTime: entry.clientTime,
      clientSequence: entry.clientSequence,
    });
  }

  private fileAccepted(record: TransferRecord, file: CompletedUpload): void {
    const { message } = file;
    if (!message) return;
    const sent: AcceptedMessage = {
      ...outgoingFile(record), type: file.type, contentType: file.contentType,
      conversation: message.conversation, sequence: message.sequence, sentAt: message.sentAt,
    };
    this.outcomes.get(record.id)?.resolve(sent);
    this.outcomes.delete(record.id);
    this.emit("sent", sent);
    // The live event may be lost; this way the message comes in any case, once.
    this.live?.inbox.noteLast(message.conversation, message.sequence);
  }

  private refused(message: OutgoingMessage, error: ChatError): void {
    this.outcomes.get(message.id)?.reject(error);
    this.outcomes.delete(message.id);
    this.emit("failed", { message, error });
  }

  private received(conversation: Conversation, message: MessageEvent): void {
    const live = this.live;
    if (!live) return;
    const mine = message.from === live.self;
    const local = mine && this.local.has(message.id);
    if (local) {
      const { id, conversation: of, sequence, sentAt } = message;
      live.outbox.settle(id, message.to, { id, conversation: of, sequence, sentAt, duplicate: true });
    }
    // Before the app sees it: received is received, whatever the app does with it.
    if (!mine && message.sequence > conversation.own.delivered) {
      conversation.advanceOwn({ delivered: message.sequence, read: 0 });
      void live.receipts.add({ conversation: conversation.id, delivered: message.sequence });
    }
    this.emit("message", { ...message, with: conversation.peer, group: conversation.group, mine, local } satisfies ChatMessage);
    // Receipts may overtake the message that they are for.
    if (mine && message.sequence <= conversation.other.delivered) {
      const isRead = message.sequence <= conversation.other.read;
      this.emitReceipt(conversation, conversation.peer, conversation.other, [message.id], isRead ? [message.id] : []);
    }
    if (!mine || !conversation.group) return;
    for (const { id, mark } of conversation.receivedBy(message.sequence)) {
      this.emitReceipt(conversation, id, mark, [message.id], message.sequence <= mark.read ? [message.id] : []);
    }
  }

  private groupCame(came: GroupEvent): void {
    const live = this.live;
    if (!live) return;
    if (came.members.includes(live.self) && !["USER-ASSIGNED-AS-ADMIN", "DISMISSED-AS-ADMIN-FROM-GROUP"].includes(came.type)) {
      if (came.type === "GROUP-UNBLOCKED") live.inbox.restore(came.group);
      if (["GROUP-CREATED", "USER-ADDED"].includes(came.type)) live.inbox.welcome(came.group);
      // Where a group begins and ends for the user, only the server knows; an answer that is on its way may be from before.
      void live.inbox.synchronize().catch(() => {});
    }
    const event = this.groupNews.take(came);
    if (!event) return;
    const self = event.members.includes(live.self);
    const conversation = live.inbox.conversations.get(event.group);
    if (conversation) {
      conversation.name = event.name;
      if (self && ["USER-DELETED", "USER-LEFT"].includes(event.type)) conversation.closed = true;
    }
    if (event.type === "GROUP-DELETED" || (event.type === "GROUP-BLOCKED" && self)) live.inbox.forget(event.group);
    if (event.client !== this.clientId) this.emit("group", event);
  }

  private receiptCame(event: ReceiptEvent): void {
    const live = this.live;
    const conversation = live?.inbox.conversations.get(event.conversation);
    if (!live || !conversation) return;
    const from = { delivered: event.deliveredFrom ?? 0, read: event.readFrom ?? 0 };
    if (event.by !== live.self && conversation.group) this.advanceMember(conversation, event.by, event, from);
    else if (event.by !== live.self) this.advanceOther(conversation, event.by, event);
    else if (conversation.advanceOwn(event)) this.emitReceipt(conversation, event.by, event);
    // Nobody receives what does not exist: a message was missed.
    live.inbox.noteLast(event.conversation, Math.max(event.delivered, event.read));
  }

  private advanceMember(conversation: Conversation, by: string, mark: Mark, from: Mark): void {
    const changed = conversation.advanceMember(by, mark, from);
    if (changed) this.emitReceipt(conversation, by, changed.mark, changed.delivered, changed.read);
  }

  private advanceOther(conversation: Conversation, by: string, mark: Mark): void {
    const before = { ...conversation.other };
    const { delivered, read } = conversation.advanceOther(mark);
    const after = conversation.other;
    if (after.delivered > before.delivered || after.read > before.read) this.emitReceipt(conversation, by, after, delivered, read);
  }

  private emitReceipt(conversation: Conversation, by: string, mark: Mark, deliveredIds: string[] = [], readIds: string[] = []): void {
    this.emit("receipt", {
      conversation: conversation.id,
      with: conversation.peer,
      group: conversation.group,
      by,
      mine: by === this.loginId,
      delivered: mark.delivered,
      deliveredAt: mark.deliveredAt ?? 0,
      read: mark.read,
      readAt: mark.readAt ?? 0,
      deliveredIds,
      readIds,
    });
  }

  private outcome(id: string): Promise<AcceptedMessage> {
    const known = this.outcomes.get(id);
    if (known) return known.promise;
    let settle!: Pick<Outcome, "resolve" | "reject">;
    const promise = new Promise<AcceptedMessage>((resolve, reject) => (settle = { resolve, reject }));
    // Who does not look at it shall not see an "unhandled rejection".
    promise.catch(() => {});
    this.outcomes.set(id, { promise, ...settle });
    return promise;
  }

  private remember(id: string): void {
    this.local.add(id);
    if (this.local.size > 5_000) this.local.delete(this.local.values().next().value!);
  }

  private serverNow(): number {
    return Math.round(Date.now() + this.session.timeOffset);
  }

  private setState(state: ConnectionState): void {
    if (state === this.currentState) return;
    this.currentState = state;
    this.emit("state", state);
  }
}

function outgoing(entry: OutboxEntry): OutgoingMessage {
  const { id, to, data, type, contentType, clientTime, clientSequence } = entry;
  return { id, to, data, type, contentType, sentTime: clientTime, clientSequence };
}

function outgoingFile({ id, to, key, type, contentType, clientTime, clientSequence }: Omit<TransferRecord, "scope">): OutgoingMessage {
  return { id, to, data: key, type, contentType, sentTime: clientTime, clientSequence };
}

function typeOf(contentType: string): MessageType {
  return contentType.startsWith("image/") ? MessageType.Image : contentType.startsWith("video/") ? MessageType.Video : MessageType.Document;
}
