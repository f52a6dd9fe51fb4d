import type { ChatClient, Contact, UserInfo } from "../src/index.js";

/** The users that one user deals with: who they are, whether they are there, and who of them is a contact or blocked. */
export class People {
  contacts: Contact[] = [];
  contactsLoaded = false;
  blocked = new Set<string>();

  private readonly known = new Map<string, UserInfo>();

  constructor(
    private readonly client: ChatClient,
    private readonly onChange: () => void,
  ) {
    client.on("presence", ({ user, online, time, status }) => this.update(user, { online, lastSeen: time, status }));
    client.on("profile", ({ user, ...profile }) => this.update(user, profile));
    client.on("joined", () => void this.loadContacts());
  }

  has(id: string): boolean {
    return this.known.has(id);
  }

  get(id: string): UserInfo | undefined {
    return this.known.get(id);
  }

  isContact(id: string): boolean {
    return this.contacts.some((contact) => contact.id === id);
  }

  /** Asks for a user, known or not. */
  async look(id: string): Promise<void> {
    for (const user of await this.client.lookup([id])) this.know(user);
    this.onChange();
  }

  /** Asks for those who are not known yet. */
  async load(ids: string[]): Promise<void> {
    const unknown = ids.filter((id) => !this.known.has(id));
    if (unknown.length === 0) return;
    for (const user of await this.client.lookup(unknown).catch(() => [])) this.know(user);
    this.onChange();
  }

  async loadContacts(): Promise<void> {
    // Blocked users need not be contacts.
    const [contacts, blocked] = await Promise.all([this.client.contacts.list(), this.client.contacts.blocked()]);
    this.contacts = contacts;
    this.contactsLoaded = true;
    this.blocked = new Set(blocked);
    for (const contact of this.contacts) if (contact.registered) this.know(contact);
    this.onChange();
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
    this.onChange();
  }

  async saveProfile(displayName: string, status: string, picture?: File): Promise<void> {
    const photo = picture ? await this.client.uploadPhoto(picture) : undefined;
    const saved = await this.client.updateProfile({ displayName, status, photo });
    this.know({ id: this.client.loginId ?? "", online: true, lastSeen: 0, displayName: saved.displayName, status: saved.status, photo: saved.photo });
    this.onChange();
  }

  /** The server tells the presence of contacts only, but whoever writes is online. */
  noteAlive(id: string): void {
    if (this.known.get(id)?.online === false) this.update(id, { online: true });
  }

  private know(user: UserInfo): void {
    this.known.set(user.id, user);
  }

  private update(id: string, change: Partial<UserInfo>): void {
    const known = this.known.get(id) ?? { id, displayName: "", status: "", photo: "", online: false, lastSeen: 0 };
    this.know({ ...known, ...change });
    this.onChange();
  }
}
