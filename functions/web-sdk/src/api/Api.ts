import { timeForUsers, type Http } from "./Http.js";
import type { BeginUploadRequest, CompletedUpload, CompleteUploadRequest, UploadResponse } from "./wire/files.js";
import type { FlagAnswer, FlagRequest } from "./wire/flags.js";
import type { Group, GroupMemberPage, GroupPage, GroupReceipts, MembersChanged } from "./wire/groups.js";
import type { ConversationPage, MessagePage, Receipt, SendRequest, SendResponse, SyncRequest, SyncResponse } from "./wire/messages.js";
import type { SearchPage } from "./wire/search.js";
import type { Contact, OwnProfile, Profile, UserInfo } from "./wire/users.js";

/** The server's endpoints, one method each. */
export class Api {
  constructor(private readonly http: Http) {}

  /** One attempt only: the outbox repeats it, in its own order and time. */
  send(message: SendRequest): Promise<SendResponse> {
    return this.http.call<SendResponse>("POST", "messages", { body: message, retry: false });
  }

  sync(request: SyncRequest): Promise<SyncResponse> {
    return this.http.post<SyncResponse>("sync", request);
  }

  messages(query: { with?: string; conversation?: string; before?: number; offset?: number; size?: number }): Promise<MessagePage> {
    return this.http.get<MessagePage>("messages", query);
  }

  conversations(offset: number, size: number): Promise<ConversationPage> {
    return this.http.get<ConversationPage>("conversations", { offset, size });
  }

  search(query: { q: string; cursor?: string; limit?: number }): Promise<SearchPage> {
    return this.http.get<SearchPage>("search", query);
  }

  receipts(receipts: Receipt[], keepalive = false): Promise<void> {
    return this.http.call("POST", "receipts", { body: { receipts }, keepalive });
  }

  beginUpload(file: BeginUploadRequest): Promise<UploadResponse> {
    return this.http.post("files", file);
  }

  renewUpload(id: string): Promise<UploadResponse> {
    return this.http.post(`files/${id}/renew`);
  }

  /** Takes long, because the server copies and scales the file. Repeating the call is harmless. */
  completeUpload(id: string, request: CompleteUploadRequest): Promise<CompletedUpload> {
    return this.http.call("POST", `files/${id}/complete`, { body: request, attempt: 120_000, deadline: 300_000 });
  }

  cancelUpload(id: string): Promise<void> {
    return this.http.call("DELETE", `files/${id}`, { keepalive: true });
  }

  flag(request: FlagRequest): Promise<FlagAnswer> {
    return this.http.post("flags", request);
  }

  profile(): Promise<OwnProfile> {
    return this.http.get<OwnProfile>("profile");
  }

  updateProfile(change: Partial<Profile>): Promise<OwnProfile> {
    return this.http.call<OwnProfile>("PUT", "profile", { body: change });
  }

  async lookup(ids: string[]): Promise<UserInfo[]> {
    return (await this.http.post<{ users: UserInfo[] }>("users/lookup", { ids })).users;
  }

  async contacts(): Promise<Contact[]> {
    return (await this.http.get<{ contacts: Contact[] }>("contacts")).contacts;
  }

  addContact(id: string): Promise<{ id: string; registered: boolean; added: boolean }> {
    return this.http.post("contacts", { id });
  }

  removeContact(id: string): Promise<void> {
    return this.http.call("DELETE", "contacts", { query: { id } });
  }

  async blocks(): Promise<string[]> {
    return (await this.http.get<{ ids: string[] }>("blocks")).ids;
  }

  block(id: string): Promise<void> {
    return this.http.post("blocks", { id });
  }

  unblock(id: string): Promise<void> {
    return this.http.call("DELETE", "blocks", { query: { id } });
  }

  /** One attempt only: the next beat comes anyway. */
  beat(connection: string, view?: string): Promise<{ leaseSeconds: number; push?: boolean }> {
    return this.http.call("POST", "presence", { body: { connection, view }, retry: false });
  }

  registerDevice(device: object): Promise<{ id: string }> {
    return this.http.post("devices", device);
  }

  groups(offset: number, size: number): Promise<GroupPage> {
    return this.http.get<GroupPage>("groups", { offset, size });
  }

  group(id: string): Promise<Group> {
    return this.http.get<Group>(groupPath(id));
  }

  createGroup(group: GroupDraft, client: string, idempotencyKey: string): Promise<Group> {
    return this.http.call<Group>("POST", "groups", {
      body: group, headers: { ...by(client), "Idempotency-Key": idempotencyKey }, ...timeForUsers(group.members?.length ?? 0),
    });
  }

  updateGroup(id: string, change: Partial<Omit<GroupDraft, "members" | "broadcast">>, client: string): Promise<Group> {
    return this.http.call<Group>("PATCH", groupPath(id), { body: change, headers: by(client) });
  }

  deleteGroup(id: string, client: string): Promise<void> {
    return this.http.call("DELETE", groupPath(id), { headers: by(client) });
  }

  addGroupMembers(id: string, ids: string[], client: string): Promise<Group> {
    return this.http.call<Group>("POST", groupPath(id, "members"), { body: { ids }, headers: by(client), ...timeForUsers(ids.length) });
  }

  groupMembers(id: string, cursor: string | undefined, size: number | undefined): Promise<GroupMemberPage> {
    return this.http.get<GroupMemberPage>(groupPath(id, "members"), { cursor, size });
  }

  changeGroupMembers(id: string, change: "add" | "remove", ids: string[], client: string): Promise<MembersChanged> {
    return this.http.call<MembersChanged>("POST", groupPath(id, `members/${change}`), {
      body: { ids }, headers: by(client), ...timeForUsers(ids.length),
    });
  }

  removeGroupMember(id: string, member: string, client: string): Promise<void> {
    return this.http.call("DELETE", groupPath(id, "members"), { query: { id: member }, headers: by(client) });
  }

  addGroupAdmins(id: string, ids: string[], client: string): Promise<Group> {
    return this.http.call<Group>("PUT", groupPath(id, "admins"), { body: { ids }, headers: by(client) });
  }

  dismissGroupAdmin(id: string, admin: string, client: string): Promise<void> {
    return this.http.call("DELETE", groupPath(id, "admins"), { query: { id: admin }, headers: by(client) });
  }

  leaveGroup(id: string, client: string): Promise<void> {
    return this.http.call("POST", groupPath(id, "leave"), { headers: by(client) });
  }

  blockGroup(id: string, blocked: boolean, client: string): Promise<void> {
    return this.http.call(blocked ? "POST" : "DELETE", groupPath(id, "block"), { headers: by(client) });
  }

  groupReceipts(id: string, sequence?: number): Promise<GroupReceipts> {
    return this.http.get<GroupReceipts>(groupPath(id, "receipts"), { sequence });
  }
}

export interface GroupDraft {
  name: string;
  description?: string;
  /** Storage key of a picture. */
  photo?: string;
  /** Login ids of the first members, besides the caller. */
  members?: string[];
  /** Up to 100,000 members, of whom the owner and the admins write. */
  broadcast?: boolean;
}

function groupPath(id: string, part?: string): string {
  return `groups/${encodeURIComponent(id)}${part ? `/${part}` : ""}`;
}

function by(client: string): Record<string, string> {
  return { "X-Client-Id": client };
}
