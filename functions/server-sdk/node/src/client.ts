import { Connection, type CallOptions, type ChangeOptions, type PostOptions, type VoxOptions } from "./connection.js";
import type { Device } from "./data-models.js";
import { Flags, Words } from "./flags.js";
import { Search } from "./search.js";
import { BeforeSend, Erasures, Exports, Requests, Webhooks } from "./integrations.js";
import type { ChangedMessage, Conversation, EditOptions, Message, MessageDraft, MessageVersions, SentMessage } from "./messages.js";
import type {
  Group, GroupChange, GroupDraft, GroupMember, LoginToken, MembersChanged, Moderate, ModeratedUser, TokenOptions, UpsertedUsers, User, UserChange, UserDraft,
  UserPresence, UserSession,
} from "./models.js";
import { part } from "./paths.js";

/**
 * Your project, as your server sees it. Every method throws `VoxApiError` when the server refuses, and repeats by itself what failed in passing.
 *
 * @example
 * const vox = new VoxClient({ address: "https://chat.example.com", apiKey: process.env.VOX_API_KEY });
 * const { token } = await vox.tokens.create("alice", { createUser: true });
 */
export class VoxClient {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly messages: Messages;
  readonly groups: Groups;
  readonly moderation: Moderation;
  readonly flags: Flags;
  readonly words: Words;
  readonly search: Search;
  readonly webhooks: Webhooks;
  readonly beforeSend: BeforeSend;
  readonly requests: Requests;
  readonly exports: Exports;
  readonly erasures: Erasures;

  constructor(options: VoxOptions) {
    const connection = new Connection(options);
    this.users = new Users(connection);
    this.tokens = new Tokens(connection);
    this.messages = new Messages(connection);
    this.groups = new Groups(connection);
    this.moderation = new Moderation(connection);
    this.flags = new Flags(connection);
    this.words = new Words(connection);
    this.search = new Search(connection);
    this.webhooks = new Webhooks(connection);
    this.beforeSend = new BeforeSend(connection);
    this.requests = new Requests(connection);
    this.exports = new Exports(connection);
    this.erasures = new Erasures(connection);
  }
}

/** Users, who is online, their log-ins and their devices. */
class Users {
  constructor(private readonly connection: Connection) {}

  /** Creates those of up to 100 users that do not exist, and changes the others. */
  upsert(users: UserDraft[], options?: PostOptions): Promise<UpsertedUsers> { return this.connection.post("users", { users }, options); }

  get(id: string, options?: CallOptions): Promise<User> { return this.connection.get(`users/${part(id)}`, options); }

  /** All users, or those whose id begins with a prefix. Pages are read as they are needed. */
  list(prefix = "", options?: CallOptions): AsyncGenerator<User, void, undefined> {
    return this.connection.all(`users?limit=100${prefix ? `&prefix=${part(prefix)}` : ""}`, "users", options);
  }

  change(id: string, change: UserChange, options?: ChangeOptions): Promise<User> { return this.connection.change("PATCH", `users/${part(id)}`, change, options); }

  /** Keeps a user from logging in, and ends their sessions. */
  disable(id: string, options?: PostOptions): Promise<User> { return this.connection.post(`users/${part(id)}/disable`, {}, options); }

  enable(id: string, options?: PostOptions): Promise<User> { return this.connection.post(`users/${part(id)}/enable`, {}, options); }

  /** There is no way back. */
  delete(id: string, options?: ChangeOptions): Promise<void> { return this.connection.change("DELETE", `users/${part(id)}`, undefined, options); }

  /** Who of up to 100 users is online. */
  async presence(ids: string[], options?: PostOptions): Promise<UserPresence[]> {
    return (await this.connection.post<{ users: UserPresence[] }>("presence", { ids }, options)).users;
  }

  /** A user's log-ins, one for each device. */
  async sessions(id: string, options?: CallOptions): Promise<UserSession[]> {
    return (await this.connection.get<{ sessions: UserSession[] }>(`users/${part(id)}/sessions`, options)).sessions;
  }

  endSession(id: string, sessionId: string, options?: CallOptions): Promise<void> {
    return this.connection.change("DELETE", `users/${part(id)}/sessions/${part(sessionId)}`, undefined, options);
  }

  /** The devices that a user's apps have registered for push messages, the one that registered last first. */
  async devices(id: string, options?: CallOptions): Promise<Device[]> {
    return (await this.connection.get<{ devices: Device[] }>(`users/${part(id)}/devices`, options)).devices;
  }

  /** A device gets no push messages any more, until its app registers it again. Nobody is logged out. */
  removeDevice(id: string, deviceId: string, options?: CallOptions): Promise<void> {
    return this.connection.change("DELETE", `users/${part(id)}/devices/${part(deviceId)}`, undefined, options);
  }
}

/** Tokens with which users log in. */
class Tokens {
  constructor(private readonly connection: Connection) {}

  /** A token for the user's app. Hand it over only to the user who is signed in with you. */
  create(userId: string, wanted: TokenOptions = {}, options?: PostOptions): Promise<LoginToken> {
    return this.connection.post(`users/${part(userId)}/tokens`, wanted, options);
  }

  /** Ends a user's tokens and sessions from before a time; by default now. */
  revoke(userId: string, before?: Date, options?: PostOptions): Promise<{ before: string }> {
    return this.connection.post(`users/${part(userId)}/tokens/revoke`, before ? { before } : {}, options);
  }

  /** The same for all users of the project. */
  revokeAll(before?: Date, options?: PostOptions): Promise<{ before: string }> {
    return this.connection.post("tokens/revoke", before ? { before } : {}, options);
  }
}

/** Messages. */
class Messages {
  constructor(private readonly connection: Connection) {}

  /** Sends as one of your users, or as your system. */
  send(message: MessageDraft, options?: PostOptions): Promise<SentMessage> { return this.connection.post("messages", message, options); }

  /** The messages of two users, newest first. Receipts do not change. */
  list(userId: string, other: string, options?: CallOptions): AsyncGenerator<Message, void, undefined> {
    return this.connection.all(`users/${part(userId)}/messages?limit=100&with=${part(other)}`, "messages", options);
  }

  /** The messages of a group, newest first. */
  listOfGroup(groupId: string, options?: CallOptions): AsyncGenerator<Message, void, undefined> {
    return this.connection.all(`groups/${part(groupId)}/messages?limit=100`, "messages", options);
  }

  /** The messages of one of a user's conversations, newest first, by the id that `conversations` has. */
  listOfConversation(userId: string, conversation: string, options?: CallOptions): AsyncGenerator<Message, void, undefined> {
    return this.connection.all(`users/${part(userId)}/messages?limit=100&conversation=${part(conversation)}`, "messages", options);
  }

  /** A user's conversations as they see them, most recent first. Receipts do not change. */
  conversations(userId: string, options?: CallOptions): AsyncGenerator<Conversation, void, undefined> {
    return this.connection.all(`users/${part(userId)}/conversations?limit=100`, "conversations", options);
  }

  /** Replaces the text of a message, whoever has written it and when. The members are told live. `etagOf(message)` is good for `ifMatch`. */
  edit(conversation: string, sequence: number, data: string, options: ChangeOptions & EditOptions = {}): Promise<ChangedMessage> {
    const { mentions, mentionsAll } = options;
    return this.connection.change("PATCH", `conversations/${part(conversation)}/messages/${sequence}`, { data, mentions, mentionsAll }, options);
  }

  /** The texts that a message had before it was edited, where the project keeps them: at most the last ten. */
  versions(conversation: string, sequence: number, options?: CallOptions): Promise<MessageVersions> {
    return this.connection.get(`conversations/${part(conversation)}/messages/${sequence}/versions`, options);
  }

  /** Deletes a message for everyone. Nothing is left of its text; the members are told live. */
  delete(conversation: string, sequence: number, options?: ChangeOptions): Promise<ChangedMessage> {
    return this.connection.change("DELETE", `conversations/${part(conversation)}/messages/${sequence}`, undefined, options);
  }
}

/** Groups and their members. A group is named by your own id, or by its conversation's. */
class Groups {
  constructor(private readonly connection: Connection) {}

  create(group: GroupDraft, options?: PostOptions): Promise<Group> { return this.connection.post("groups", group, options); }

  get(id: string, options?: CallOptions): Promise<Group> { return this.connection.get(`groups/${part(id)}`, options); }

  /** All groups, or those of one user. */
  list(member?: string, options?: CallOptions): AsyncGenerator<Group, void, undefined> {
    return this.connection.all(`groups?limit=100${member === undefined ? "" : `&member=${part(member)}`}`, "groups", options);
  }

  change(id: string, change: GroupChange, options?: ChangeOptions): Promise<Group> { return this.connection.change("PATCH", `groups/${part(id)}`, change, options); }

  /** For all members. Its id is not free again. */
  delete(id: string, options?: ChangeOptions): Promise<void> { return this.connection.change("DELETE", `groups/${part(id)}`, undefined, options); }

  members(id: string, options?: CallOptions): AsyncGenerator<GroupMember, void, undefined> {
    return this.connection.all(`groups/${part(id)}/members?limit=1000`, "members", options);
  }

  /** Up to 1,000. */
  addMembers(id: string, ids: string[], options?: PostOptions): Promise<MembersChanged> {
    return this.connection.post(`groups/${part(id)}/members`, { ids }, options);
  }

  /** Up to 1,000. */
  removeMembers(id: string, ids: string[], options?: PostOptions): Promise<MembersChanged> {
    return this.connection.post(`groups/${part(id)}/members/remove`, { ids }, options);
  }

  /** Makes a member an admin, or an admin a member. */
  async setAdmin(id: string, userId: string, admin: boolean, options?: CallOptions): Promise<void> {
    await this.connection.change("PUT", `groups/${part(id)}/members/${part(userId)}`, { role: admin ? "admin" : "member" }, options);
  }
}

/** Bans and mutes. */
class Moderation {
  constructor(private readonly connection: Connection) {}

  ban(userId: string, wanted: Moderate = {}, options?: PostOptions): Promise<ModeratedUser> {
    return this.connection.post("moderation/bans", { userId, ...wanted }, options);
  }

  unban(userId: string, options?: CallOptions): Promise<void> { return this.connection.change("DELETE", `moderation/bans/${part(userId)}`, undefined, options); }

  bans(options?: CallOptions): AsyncGenerator<ModeratedUser, void, undefined> { return this.connection.all("moderation/bans?limit=100", "users", options); }

  mute(userId: string, wanted: Moderate = {}, options?: PostOptions): Promise<ModeratedUser> {
    return this.connection.post("moderation/mutes", { userId, ...wanted }, options);
  }

  unmute(userId: string, options?: CallOptions): Promise<void> { return this.connection.change("DELETE", `moderation/mutes/${part(userId)}`, undefined, options); }

  mutes(options?: CallOptions): AsyncGenerator<ModeratedUser, void, undefined> { return this.connection.all("moderation/mutes?limit=100", "users", options); }

  banFromGroup(groupId: string, userId: string, wanted: Moderate = {}, options?: PostOptions): Promise<ModeratedUser> {
    return this.connection.post(`groups/${part(groupId)}/bans`, { userId, ...wanted }, options);
  }

  unbanFromGroup(groupId: string, userId: string, options?: CallOptions): Promise<void> {
    return this.connection.change("DELETE", `groups/${part(groupId)}/bans/${part(userId)}`, undefined, options);
  }

  groupBans(groupId: string, options?: CallOptions): AsyncGenerator<ModeratedUser, void, undefined> {
    return this.connection.all(`groups/${part(groupId)}/bans`, "users", options);
  }
}
