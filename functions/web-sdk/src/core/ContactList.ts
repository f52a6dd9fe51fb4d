import type { Api } from "../api/Api.js";
import type { Contact } from "../api/wire/users.js";
import type { UserDirectory } from "./UserDirectory.js";

/** The caller's contacts, and the users whom the caller has blocked. */
export class ContactList {
  constructor(
    private readonly api: () => Api,
    private readonly directory: () => UserDirectory | undefined,
  ) {}

  /** With names, presence and status, in one call. */
  async list(): Promise<Contact[]> {
    const contacts = await this.api().contacts();
    for (const contact of contacts) if (contact.registered) this.directory()?.learn(contact);
    return contacts;
  }

  /** @returns whether there is such a user already. A contact may be added before the user exists. */
  async add(id: string): Promise<{ registered: boolean; added: boolean }> {
    const answer = await this.api().addContact(id);
    this.directory()?.forget(id);
    return answer;
  }

  remove(id: string): Promise<void> {
    return this.api().removeContact(id);
  }

  blocked(): Promise<string[]> {
    return this.api().blocks();
  }

  block(id: string): Promise<void> {
    return this.api().block(id);
  }

  unblock(id: string): Promise<void> {
    return this.api().unblock(id);
  }
}
