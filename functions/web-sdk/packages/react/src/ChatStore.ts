import { ConnectionState, type ChatClient, type ConversationSettings, type MessageEvent, type UserInfo } from "@voxfunctions/chat";
import { MessageLog } from "./MessageLog.js";

/** Milliseconds for which somebody is shown as typing after the last signal. */
const TYPING = 6_000;
/** So many conversations keep their messages while nothing shows them. */
const MAX_IDLE_LOGS = 20;

export interface ConnectionSnapshot {
  state: ConnectionState;
  /** The login id; absent when nobody is logged in. */
  loginId?: string;
  /** Everything that was missed has been fetched. */
  isSynchronized: boolean;
  /** Messages and files that are not sent yet. */
  unsent: number;
}

/** A conversation in the list. */
export interface ConversationView {
  id: string;
  /** The other user's login id, or the group's id. */
  peer: string;
  group: boolean;
  /** The name of a group; of a user see `useUser`. */
  name?: string;
  unread: number;
  unreadMentions: number;
  closed: boolean;
  lastMessage?: MessageEvent;
  settings: ConversationSettings;
}

export interface ConversationsSnapshot {
  /** Favourites first, then by the last message, newest first. */
  conversations: readonly ConversationView[];
  /** True until the list is complete for the first time. */
  isLoading: boolean;
}

const NOBODY: readonly string[] = [];

/** What React shows of one client. Snapshots stay the same objects until something in them changes. */
export class ChatStore {
  private readonly listeners = new Set<() => void>();
  private readonly logs = new Map<string, MessageLog>();
  private readonly shown = new Map<string, number>();
  private readonly users = new Map<string, UserInfo>();
  private readonly asked = new Set<string>();
  /** Asked for in vain: asked for again after the next synchronization. */
  private readonly notFound = new Set<string>();
  private readonly typists = new Map<string, Map<string, ReturnType<typeof setTimeout>>>();
  private readonly typing = new Map<string, readonly string[]>();
  private self?: string;
  private connection?: ConnectionSnapshot;
  private list?: ConversationsSnapshot;

  constructor(readonly client: ChatClient) {
    this.self = client.loginId;
    client.on("message", (message) => {
      this.log(message.with)?.came(message);
      this.stopTyping(message.with, message.from);
      this.listChanged();
    });
    client.on("change", ({ with: peer, message }) => {
      this.log(peer)?.became(message);
      this.listChanged();
    });
    client.on("failed", ({ message, error }) => this.messages(message.to).failed(message, error));
    client.on("sent", () => this.connectionChanged());
    client.on("fileProgress", ({ id, to, key, loaded, total }) => this.log(to)?.progress(
      { id, to, data: key, type: 7, sentTime: client.now, clientSequence: 0 }, loaded, total));
    client.on("receipt", ({ with: peer }) => {
      this.log(peer)?.touch();
      this.listChanged();
    });
    client.on("settings", ({ with: peer, settings, hiddenSequences }) => {
      this.log(peer)?.hide(hiddenSequences ?? [], settings.clearedThrough);
      this.listChanged();
    });
    client.on("historyReset", ({ with: peer }) => this.reload(peer));
    client.on("restored", ({ with: peer, lastSequence }) => {
      this.log(peer)?.cut(lastSequence);
      this.listChanged();
    });
    client.on("group", () => this.listChanged());
    client.on("typing", ({ from, group }) => this.noteTyping(group ?? from, from));
    client.on("presence", ({ user, online, time, status }) => this.know(user, { online, lastSeen: time, status }));
    client.on("profile", ({ user, displayName, status, photo }) => this.know(user, { displayName, status, photo }));
    client.on("state", (state) => {
      if (state === ConnectionState.LoggedOut ? !client.loginId : client.loginId !== this.self) this.forget();
      this.self = client.loginId;
      this.connectionChanged();
    });
    client.on("synchronized", () => {
      for (const [peer, log] of this.logs) {
        if (this.shown.has(peer)) log.open();
        // Marks and blocks are known now.
        log.touch();
      }
      const again = [...this.notFound];
      this.notFound.clear();
      this.ask(again);
      this.connectionChanged();
      this.listChanged();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly connectionSnapshot = (): ConnectionSnapshot => (this.connection ??= {
    state: this.client.state, loginId: this.client.loginId, isSynchronized: this.client.isSynchronized, unsent: this.client.unsent,
  });

  readonly conversationsSnapshot = (): ConversationsSnapshot => (this.list ??= {
    conversations: this.client.conversations.filter((c) => c.lastMessage || c.group).map((c): ConversationView => ({
      id: c.id, peer: c.peer, group: c.group, name: c.name, unread: c.unread, unreadMentions: c.unreadMentions, closed: c.closed,
      lastMessage: c.lastMessage, settings: c.settings,
    })).sort((a, b) => Number(b.settings.favourite ?? false) - Number(a.settings.favourite ?? false)
      || (b.lastMessage?.sentAt ?? 0) - (a.lastMessage?.sentAt ?? 0)),
    isLoading: !this.client.isSynchronized,
  });

  /** The messages of a conversation; made when they are first asked for. */
  messages(peer: string): MessageLog {
    let log = this.logs.get(peer);
    if (!log) this.logs.set(peer, (log = new MessageLog(this.client, peer, () => this.changed())));
    return log;
  }

  /** A component shows a conversation. @returns to be called when it does not any more. */
  show(peer: string): () => void {
    const log = this.messages(peer);
    this.logs.delete(peer);
    this.logs.set(peer, log);
    this.shown.set(peer, (this.shown.get(peer) ?? 0) + 1);
    log.open();
    return () => {
      const left = (this.shown.get(peer) ?? 1) - 1;
      if (left > 0) this.shown.set(peer, left);
      else this.shown.delete(peer);
      // The oldest first: Map keeps the order.
      const idle = [...this.logs].filter(([name, log]) => !this.shown.has(name) && !log.isWaiting).map(([name]) => name);
      for (const name of idle.slice(0, Math.max(0, idle.length - MAX_IDLE_LOGS))) this.logs.delete(name);
    };
  }

  /** What is known of a user; asks for it once. */
  user(id: string): UserInfo | undefined {
    return this.users.get(id);
  }

  /** Asks for users whom nobody has asked for. */
  ask(ids: readonly string[]): void {
    const missing = ids.filter((id) => id && !this.asked.has(id));
    if (missing.length === 0 || !this.client.loginId) return;
    for (const id of missing) this.asked.add(id);
    this.client.lookup(missing).then((users) => {
      for (const user of users) this.users.set(user.id, user);
      this.changed();
    }, () => {
      for (const id of missing) {
        this.asked.delete(id);
        this.notFound.add(id);
      }
    });
  }

  /** Login ids of who is typing there. */
  typistsIn(peer: string): readonly string[] {
    return this.typing.get(peer) ?? NOBODY;
  }

  private log(peer: string): MessageLog | undefined {
    return this.logs.get(peer);
  }

  private reload(peer: string): void {
    const log = this.log(peer);
    log?.reset();
    if (log && this.shown.has(peer)) log.open();
    this.listChanged();
  }

  private know(id: string, change: Partial<UserInfo>): void {
    const user = this.users.get(id);
    if (user) this.users.set(id, { ...user, ...change });
    this.changed();
  }

  private noteTyping(peer: string, by: string): void {
    const there = this.typists.get(peer) ?? new Map<string, ReturnType<typeof setTimeout>>();
    this.typists.set(peer, there);
    clearTimeout(there.get(by));
    there.set(by, setTimeout(() => this.stopTyping(peer, by), TYPING));
    this.typing.set(peer, [...there.keys()]);
    this.changed();
  }

  private stopTyping(peer: string, by: string): void {
    const there = this.typists.get(peer);
    if (!there?.has(by)) return;
    clearTimeout(there.get(by));
    there.delete(by);
    this.typing.set(peer, [...there.keys()]);
    this.changed();
  }

  /** Another user may log in. */
  private forget(): void {
    for (const log of this.logs.values()) log.reset();
    this.logs.clear();
    this.users.clear();
    this.asked.clear();
    this.notFound.clear();
    for (const there of this.typists.values()) for (const timer of there.values()) clearTimeout(timer);
    this.typists.clear();
    this.typing.clear();
    this.list = undefined;
  }

  private connectionChanged(): void {
    this.connection = undefined;
    this.changed();
  }

  private listChanged(): void {
    this.list = undefined;
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const stores = new WeakMap<ChatClient, ChatStore>();

/** One store for each client, however many providers there are. */
export function storeOf(client: ChatClient): ChatStore {
  let store = stores.get(client);
  if (!store) stores.set(client, (store = new ChatStore(client)));
  return store;
}
