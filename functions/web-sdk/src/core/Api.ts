import type { Http } from "./Http.js";
import type {
  Contact, ConversationPage, MessagePage, OwnProfile, Profile, Receipt, SendRequest, SendResponse, SyncRequest, SyncResponse, UserInfo,
} from "./wire.js";

/** The server's endpoints, one method each. */
export class Api {
  constructor(private readonly http: Http) {}

  /** One attempt: the outbox repeats in its own order and time. */
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

  receipts(receipts: Receipt[], keepalive = false): Promise<void> {
    return this.http.call("POST", "receipts", { body: { receipts }, keepalive });
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

  /** One attempt: the next beat comes anyway. */
  beat(connection: string): Promise<{ leaseSeconds: number }> {
    return this.http.call("POST", "presence", { body: { connection }, retry: false });
  }
}
