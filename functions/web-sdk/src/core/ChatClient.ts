import { Api } from "../api/Api.js";
import { ChangeApi } from "../api/ChangeApi.js";
import { Http } from "../api/Http.js";
import type { FlagAnswer, FlagReason } from "../api/wire/flags.js";
import type { ConversationPage, MessagePage, Place } from "../api/wire/messages.js";
import type { SearchPage } from "../api/wire/search.js";
import type { OwnProfile, Profile, UserInfo } from "../api/wire/users.js";
import { ChatError } from "../base/ChatError.js";
import { Emitter } from "../base/Emitter.js";
import { randomId } from "../base/ids.js";
import { defaultTextStore, type TextStore } from "../base/TextStore.js";
import { isKey } from "../files/fileKey.js";
import { ActiveUser } from "./ActiveUser.js";
import { ConnectionState, type AcceptedMessage, type ChatEvents, type OutgoingMessage } from "./ChatEvents.js";
import type { ChatClientOptions, SendFileOptions, SendOptions, TokenLogIn } from "./ClientOptions.js";
import { ContactList } from "./ContactList.js";
import type { Conversation } from "./Conversation.js";
import { GroupList } from "./GroupList.js";
import { MessageChanges } from "./MessageChanges.js";
import { entryOf, outgoing, outgoingFile, transferOf, type Stamp } from "./outgoing.js";
import { Preferences } from "./Preferences.js";
import { ScheduledList } from "./ScheduledList.js";
import { SentHere } from "./SentHere.js";
import { Session } from "./Session.js";
import { Told } from "./Told.js";

/** A user of a project, logged in from this device. Log in, listen to events, send. */
export class ChatClient extends Emitter<ChatEvents> {
  readonly projectId: string;
  readonly server: string;
  readonly contacts: ContactList;
  readonly groups: GroupList;
  /** Edits, deletions, reactions, pins. */
  readonly changes: MessageChanges;
  /** Mute, archive, favourite, mark as unread, clear. */
  readonly preferences: Preferences;
  readonly scheduled: ScheduledList;

  /** Names this client to the server, so that it does not hear of its own changes of groups. */
  private readonly clientId = randomId();
  private readonly http: Http;
  private readonly api: Api;
  private readonly changeApi: ChangeApi;
  private readonly session: Session;
  private readonly sentHere = new SentHere(this);
  private live?: ActiveUser;
  private currentState = ConnectionState.LoggedOut;
  private clientSequence = 0;
  private readonly storage: TextStore;

  /** @param told What apps of this page were told. Without it, that of this client alone. */
  constructor(
    private readonly options: ChatClientOptions,
    private readonly told = new Map<string, Told>(),
  ) {
    super();
    this.storage = options.storage ?? defaultTextStore();
    this.projectId = options.projectId;
    this.server = options.server.replace(/\/+$/, "");
    this.http = new Http(this.server);
    this.api = new Api(this.http);
    this.changeApi = new ChangeApi(this.http);
    this.session = new Session(this.http);
    this.http.tokens = this.session;
    this.contacts = new ContactList(() => this.api, () => this.live?.directory, () => this.live?.blocks);
    this.groups = new GroupList(() => this.api, this.clientId);
    this.changes = new MessageChanges(this.changeApi, this.sentHere, () => this.live, () => this.stamp());
    this.preferences = new Preferences(this.changeApi, (settings) => this.live?.settingsCame(settings));
    this.scheduled = new ScheduledList(this.changeApi);
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
    return this.session.clock.offset;
  }

  /** The server's time, in Unix milliseconds; it does not follow when somebody sets the clock of the device. */
  get now(): number {
    return Math.round(this.session.clock.now);
  }

  /** For apps that want to {@link resume} after a reload. Until the logout it is as good as a password. */
  get refreshToken(): string | undefined {
    return this.session.refreshToken;
  }

  /** The token of this client's calls, renewed when it is over: for what stands beside it, such as `vox-push.mjs`. */
  accessToken(): Promise<string> {
    return this.session.accessToken();
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
  logIn(loginId: string, password: string): Promise<void>;
  /** With a token of your own server, in place of a password. */
  logIn(token: TokenLogIn): Promise<void>;
  async logIn(who: string | TokenLogIn, password = ""): Promise<void> {
    const before = this.session.loginId ? await this.session.accessToken().catch(() => undefined) : undefined;
    const { projectId, options } = this;
    if (typeof who === "string") await this.session.logIn(projectId, who, password, options.device);
    else await this.session.logInWithToken(projectId, { tokenProvider: options.tokenProvider, ...who }, options.device);
    // Otherwise nobody would end the session that this one replaces.
    if (before) void this.revoke(before, {});
    this.begin();
  }

  /** Creates a user who can log in then, where the project allows it. Repeating it with the same password is no error. */
  signUp(loginId: string, password: string): Promise<void> {
    return this.session.signUp(this.projectId, loginId, password);
  }

  /** Goes on with an earlier session, by its refresh token. */
  async resume(refreshToken: string): Promise<void> {
    await this.session.resume(refreshToken);
    this.begin();
  }

  /**
   * Searches the caller's conversations, newest first: words, `"phrases"`, `begin*`, `from:`, `in:`, `has:file`, `before:`, `after:`. The project must have
   * search switched on. Go on with `next` until it is absent: a page may have few hits, even none.
   */
  search(query: string, { cursor, limit }: { cursor?: string; limit?: number } = {}): Promise<SearchPage> {
    return this.api.search({ q: query, cursor, limit });
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
   * @returns what was written down. `accepted` resolves when the server has the message, and rejects when the server refuses it for good.
   */
  send(message: SendOptions): OutgoingMessage & { accepted: Promise<AcceptedMessage> } {
    const live = this.live;
    if (!live) throw ChatError.loggedOut();
    const entry = entryOf(message, this.stamp());
    live.outbox.add(entry);
    return { ...outgoing(entry), accepted: this.sentHere.expect(entry.id) };
  }

  /**
   * Sends a file. It goes straight to the storage, in blocks, and survives lost networks and page reloads. The recipient hears of it when all of
   * it is there. `fileProgress` tells how far it is.
   * @returns its key, with which {@link mediaUrl} makes an address; `accepted` as for {@link send}.
   */
  sendFile(options: SendFileOptions): OutgoingMessage & { accepted: Promise<AcceptedMessage> } {
    const live = this.live;
    if (!live) throw ChatError.loggedOut();
    const record = transferOf(options, this.stamp());
    const accepted = this.sentHere.expect(record.id);
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

  /**
   * The address of a file; with "thumb_" or "preview_" before the key, that of its thumbnail or preview. Works in `<img src>`. What is no key,
   * such as a path or an address of another server, gets an address where nothing is.
   */
  mediaUrl(key: string): string {
    return this.mediaPrefix + (isKey(key) ? encodeURIComponent(key) : "-");
  }

  /** What comes before the key in the address of a file. It is the same for all users of the project. */
  get mediaPrefix(): string {
    return this.server + this.session.mediaPath;
  }

  /** A page of a conversation, newest first. */
  async messages(query: { with?: string; conversation?: string; before?: number; offset?: number; size?: number }): Promise<MessagePage> {
    const page = await this.api.messages(query);
    return this.live?.inbox.page(page) ?? page;
  }

  /** A page of the caller's conversations, most recent first, from the server. */
  listConversations(offset = 0, size = 50): Promise<ConversationPage> {
    return this.api.conversations(offset, size);
  }

  /** Marks everything up to `sequence` as read. @returns when the server knows. */
  markRead(conversation: string, sequence: number): Promise<void> {
    const live = this.live;
    if (!live) return Promise.reject(ChatError.loggedOut());
    const known = live.inbox.conversations.get(conversation);
    known?.advanceOwn({ delivered: sequence, read: sequence });
    known?.endUnread(sequence);
    return live.receipts.add({ conversation, read: sequence });
  }

  /** Incoming messages are marked as delivered by themselves. This is for apps that receive a message in another way. */
  markDelivered(conversation: string, sequence: number): Promise<void> {
    return this.live?.receipts.add({ conversation, delivered: sequence }) ?? Promise.reject(ChatError.loggedOut());
  }

  /** Tells the other side that something is being written. Call it with every key: it limits itself. */
  typing(target: { to: string } | { group: string }): void {
    this.live?.typing.give(target);
  }

  /**
   * Which conversation is open: while its page has the user's attention, they get no push messages of it, on no device. Call it whenever another
   * one is opened, without an id when none is.
   */
  setView(conversation?: string): void {
    this.live?.look(conversation ?? "");
  }

  /**
   * For apps in a shell for phones: the token that Firebase or Apple gave it. Call it at each start; the device goes with the session. Browsers are
   * registered by `vox-push.mjs`.
   */
  registerDevice(device: { kind: "fcm" | "apns"; token: string; language?: string; appVersion?: string; sandbox?: boolean }): Promise<{ id: string }> {
    return this.api.registerDevice(device);
  }

  /** Names, presence and status of users. Ids of nobody are left out. */
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

  /** Tells the project's moderators of a message of somebody else. @param text For them: at most 500 characters. */
  flagMessage({ conversation, sequence }: Place, reason: FlagReason, text?: string): Promise<FlagAnswer> {
    return this.api.flag({ conversation, sequence, reason, text });
  }

  /** Tells the project's moderators of a user. */
  flagUser(user: string, reason: FlagReason, text?: string): Promise<FlagAnswer> {
    return this.api.flag({ user, reason, text });
  }

  /** Fetches what was missed; it happens by itself after the log-in and every reconnect. */
  synchronize(): Promise<void> {
    return this.live?.inbox.join() ?? Promise.reject(ChatError.loggedOut());
  }

  private begin(): void {
    const self = this.session.loginId!;
    if (this.live?.self === self) {
      this.live.goOn();
      if (!this.live.channel.isUp) this.setState(ConnectionState.Connecting);
      return;
    }
    this.end(new ChatError(401, "logged_out", "Another user has logged in."));
    const { server, projectId, clientId, api, changeApi, session, sentHere, options, storage } = this;
    const scope = `${projectId}|${self}`;
    const told = this.told.get(scope) ?? new Told(storage, scope);
    this.told.set(scope, told);
    this.live = new ActiveUser(self, {
      server, projectId, clientId, api, changeApi, session, sentHere, events: this, storage, told, webSocket: options.webSocket,
      onState: (state) => this.setState(state),
    });
    this.setState(ConnectionState.Connecting);
    this.live.start();
  }

  /** The page may be left at once. So both calls begin now, and may outlive the page. */
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
    live.end(error);
    // Also when the session had ended before: now nobody is logged in any more.
    this.currentState = ConnectionState.LoggedOut;
    this.emit("state", this.currentState);
  }

  private sessionEnded(error: ChatError): void {
    // The user has logged out everywhere on another device: that counts as a logout here.
    if (error.reason === "logged_out_everywhere") this.end(error);
    else {
      this.live?.disconnect();
      this.setState(ConnectionState.LoggedOut);
    }
    this.emit("sessionEnded", error);
  }

  private stamp(): Stamp {
    return { clientTime: this.now, clientSequence: ++this.clientSequence };
  }

  private setState(state: ConnectionState): void {
    if (state === this.currentState) return;
    this.currentState = state;
    this.emit("state", state);
  }
}
