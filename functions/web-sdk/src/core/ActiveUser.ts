import type { Api } from "../api/Api.js";
import type { ChangeApi } from "../api/ChangeApi.js";
import type { ChangeEvent, SettingsEvent } from "../api/wire/changes.js";
import type { CompletedUpload } from "../api/wire/files.js";
import type { GroupEvent } from "../api/wire/groups.js";
import type { ConversationSettings, MessageEvent, ReceiptEvent } from "../api/wire/messages.js";
import type { PresenceEvent, ProfileEvent, TypingEvent } from "../api/wire/users.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import type { Emitter } from "../base/Emitter.js";
import { hasAttention, PageSignals } from "../base/PageSignals.js";
import type { TextStore } from "../base/TextStore.js";
import { FileSender } from "../files/FileSender.js";
import type { TransferRecord } from "../files/TransferStore.js";
import { Heartbeat } from "../live/Heartbeat.js";
import { LiveChannel } from "../live/LiveChannel.js";
import { TypingSignals } from "../live/TypingSignals.js";
import type { Outbox } from "../outbox/Outbox.js";
import { OutboxStore } from "../outbox/OutboxStore.js";
import { BlockList } from "./BlockList.js";
import { ConnectionState, type ChatEvents } from "./ChatEvents.js";
import { Inbox } from "./Inbox.js";
import { Incoming } from "./Incoming.js";
import { IncomingReceipts } from "./IncomingReceipts.js";
import type { LiveUser } from "./LiveUser.js";
import { outgoingFile } from "./outgoing.js";
import { Posting } from "./Posting.js";
import { Receipts } from "./Receipts.js";
import type { SentHere } from "./SentHere.js";
import type { Session } from "./Session.js";
import type { Told } from "./Told.js";
import { UserDirectory } from "./UserDirectory.js";

/** The parts of the client that stay when one user logs out and another logs in. */
export interface ClientParts {
  server: string;
  projectId: string;
  clientId: string;
  api: Api;
  changeApi: ChangeApi;
  session: Session;
  sentHere: SentHere;
  events: Emitter<ChatEvents>;
  storage: TextStore;
  told: Told;
  webSocket?: unknown;
  onState(state: ConnectionState): void;
}

/** All that exists of a user between log-in and logout. */
export class ActiveUser implements LiveUser {
  readonly inbox: Inbox;
  readonly posting: Posting;
  readonly outbox: Outbox;
  readonly files: FileSender;
  readonly receipts: Receipts;
  readonly directory: UserDirectory;
  readonly channel: LiveChannel;
  readonly typing: TypingSignals;
  readonly blocks: BlockList;

  private readonly heartbeat: Heartbeat;
  private readonly signals: PageSignals;
  private readonly incomingReceipts: IncomingReceipts;
  private isOver = false;
  /** The conversation that is open. "" for none. */
  private view = "";
  private interrupted = false;

  constructor(readonly self: string, private readonly parts: ClientParts) {
    const { api, changeApi, sentHere, events } = parts;
    const scope = `${parts.projectId}|${self}`;
    this.blocks = new BlockList(api);
    const receipts = (this.incomingReceipts = new IncomingReceipts(this, api, sentHere, events));
    const incoming = new Incoming(this, receipts, sentHere, events, parts.clientId);
    const source = { sync: api.sync.bind(api), messages: api.messages.bind(api), changes: changeApi.changes.bind(changeApi) };
    this.inbox = new Inbox(source, self, {
      message: (conversation, message) => {
        incoming.message(conversation, message);
        this.noteTold();
      },
      marks: (conversation, own, other) => {
        receipts.marks(conversation, own, other);
        this.noteTold();
      },
      restored: (conversation) => {
        const { id, peer, group, last } = conversation;
        this.receipts.limit(id, last);
        events.emit("restored", { conversation: id, with: peer, group, lastSequence: last });
      },
      changed: (conversation, message, news) => incoming.change(conversation, message, news),
      reset: ({ id, peer, group }) => events.emit("historyReset", { conversation: id, with: peer, group }),
      settings: (settings) => this.settingsChanged(settings),
      silent: (conversation, message) => receipts.sentEarly(conversation, message),
      groups: () => this.blocks.load(),
      time: (now, elapsed) => parts.session.clock.check(now, elapsed),
    }, parts.told);
    const store = new OutboxStore(parts.storage, scope, () => events.emit("storageFull", undefined));
    this.posting = new Posting(this, api, changeApi, sentHere, events, () => Math.round(parts.session.clock.now), store);
    this.outbox = this.posting.outbox;
    this.files = new FileSender(api, scope, {
      progress: ({ id, to, key, file }, loaded) => events.emit("fileProgress", { id, to, key, loaded, total: file.size }),
      accepted: (record, file) => this.fileAccepted(record, file),
      refused: (record, error) => sentHere.refused(outgoingFile(record), error),
      full: () => events.emit("storageFull", undefined),
    });
    this.receipts = new Receipts((batch, keepalive) => api.receipts(batch, keepalive));
    this.directory = new UserDirectory(api, {
      presence: (event) => events.emit("presence", event),
      profile: (event) => events.emit("profile", event),
    });
    this.heartbeat = new Heartbeat((connection, view) => api.beat(connection, view));
    this.channel = this.connect(incoming);
    this.typing = new TypingSignals((target) => this.channel.send("typing", target));
    this.signals = new PageSignals({
      online: () => {
        this.channel.renew();
        this.outbox.hurry();
      },
      awake: () => this.hurry(),
      // The page may have been asleep, or may have lost a live event without a later one that would reveal it.
      back: () => void this.catchUp(),
      attention: () => this.look(),
      leaving: () => {
        this.receipts.flush();
        if (this.inbox.isComplete) parts.told.flush(this.inbox.conversations.values());
      },
    });
  }

  /** The user has logged out, or somebody else has logged in. */
  get ended(): boolean {
    return this.isOver;
  }

  start(): void {
    void this.outbox.start();
    void this.files.start();
    this.channel.start();
    // This runs while the connection is being made. What comes in between is fetched when the connection is up.
    this.inbox.synchronize().catch(() => {});
  }

  /** The same user has logged in again: what waits to be sent goes on with the new session. */
  goOn(): void {
    this.channel.start();
    this.hurry();
  }

  /** The session is over: only the connection ends. The outbox stays, and goes on after the next log-in of the same user. */
  disconnect(): void {
    this.channel.stop();
    this.heartbeat.stop();
  }

  /** What is unsent is dropped, and reported as refused. */
  end(error: ChatError): void {
    this.isOver = true;
    this.parts.told.forget(this.inbox.isComplete ? this.inbox.conversations.values() : undefined);
    this.heartbeat.stop();
    this.channel.stop();
    this.inbox.close();
    this.receipts.close();
    this.signals.close();
    this.outbox.clear(error);
    this.files.clear(error);
  }

  /** Before the first synchronizing nobody knows what is old. */
  private noteTold(): void {
    if (!this.ended && this.inbox.isComplete) this.parts.told.note(() => this.inbox.conversations.values());
  }

  /** Without an id: the same conversation as before, but the user may look away now, or look again. */
  look(conversation = this.view): void {
    this.view = conversation;
    this.heartbeat.look(conversation && hasAttention() ? conversation : undefined);
  }

  private hurry(): void {
    this.channel.hurry();
    this.outbox.hurry();
  }

  private connect(incoming: Incoming): LiveChannel {
    const { session, server, events } = this.parts;
    return new LiveChannel({
      url: () => `${server}/api/v1/realtime?u=${encodeURIComponent(session.realtimeUser)}`,
      token: (refused) => session.accessToken(refused),
      webSocket: this.parts.webSocket,
      handlers: {
        message: (message: MessageEvent) => this.inbox.receive(message),
        change: (event: ChangeEvent) => this.inbox.flow.receive(event),
        settings: (event: SettingsEvent) => this.settingsCame(event),
        receipt: (event: ReceiptEvent) => {
          this.incomingReceipts.came(event);
          this.noteTold();
        },
        presence: (event: PresenceEvent) => this.directory.notePresence(event),
        profile: (event: ProfileEvent) => this.directory.noteProfile(event),
        joined: (event: { user: string }) => {
          this.directory.forget(event.user);
          events.emit("joined", event);
        },
        typing: (event: TypingEvent) => {
          // A typing signal to a group comes back to the user who sent it.
          if (event.from !== this.self) void this.typingCame(event);
        },
        group: (event: GroupEvent) => incoming.group(event),
      },
      onUp: (connectionId) => this.wentUp(connectionId),
      onDown: () => {
        this.heartbeat.stop();
        if (!this.ended) this.parts.onState(ConnectionState.Offline);
      },
    });
  }

  private async typingCame(event: TypingEvent): Promise<void> {
    if (event.group) await this.blocks.load();
    if (!this.ended && !this.blocks.has(event.from)) this.parts.events.emit("typing", event);
  }

  private wentUp(connectionId: string): void {
    this.heartbeat.start(connectionId);
    this.parts.onState(ConnectionState.Online);
    this.outbox.hurry();
    if (this.interrupted) this.blocks.forgetLoading();
    const caughtUp = this.catchUp();
    if (this.interrupted) {
      void this.directory.refresh().catch(() => {});
      // Not before: synchronizing may bring the group, or the own message, that receipts are about.
      void caughtUp.then(() => this.incomingReceipts.catchUp());
    }
    this.interrupted = true;
  }

  /** Fetches what was missed. Tries until that has worked, or until there is another connection, which begins anew. */
  private async catchUp(): Promise<void> {
    const backoff = new Backoff(500, 10_000);
    for (const connection = this.channel.connectionId; !this.ended && this.channel.connectionId === connection; ) {
      try {
        await this.inbox.synchronize();
        this.noteTold();
        if (!this.ended) this.parts.events.emit("synchronized", undefined);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backoff.next()));
      }
    }
  }

  /** What the user has set, here or on another device. */
  settingsCame(settings: SettingsEvent): void {
    const known = this.inbox.conversations.get(settings.conversation);
    // Of two that overtake each other, the older one still tells what was deleted.
    if (known?.advanceSettings(settings) || settings.hiddenSequences) this.settingsChanged(settings);
  }

  private settingsChanged({ hiddenSequences, ...settings }: ConversationSettings): void {
    const { conversation } = settings;
    const known = this.inbox.conversations.get(conversation);
    if (this.ended) return;
    this.parts.events.emit("settings", {
      conversation, with: known?.peer ?? "", group: known?.group ?? false, settings: known?.settings ?? settings, hiddenSequences,
    });
  }

  private fileAccepted(record: TransferRecord, { type, contentType, message }: CompletedUpload): void {
    if (!message) return;
    const { conversation, sequence, sentAt } = message;
    // An earlier page may have begun it, so this client does not know it yet.
    this.parts.sentHere.remember(record.id);
    this.parts.sentHere.accepted({ ...outgoingFile(record), type, contentType, conversation, sequence, sentAt });
    // The live event may be lost. This way the message comes in any case, and only once.
    if (!this.ended) this.inbox.noteLast(conversation, sequence);
  }
}
