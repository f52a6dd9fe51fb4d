import type { Api } from "../api/Api.js";
import type { Contact } from "../api/wire/users.js";
import type { BlockList } from "./BlockList.js";
import type { UserDirectory } from "./UserDirectory.js";

/** The caller's contacts, and the users whom the caller has blocked. */
export class ContactList {
  constructor(
    private readonly api: () => Api,
    private readonly directory: () => UserDirectory | undefined,
    private readonly blocks: () => BlockList | undefined,
  ) {}

  /** With names, presence and status, in one call. */
  async list(): Promise<Contact[]> {
    const contacts = await this.api().contacts();
    for (const contact of contacts) {
      if (contact.registered) this.directory()?.learn(contact);
      this.blocks()?.note(contact.id, contact.blocked);
    }
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

  /** Ids of all users whom the caller has blocked, contacts or not. */
  blocked(): Promise<string[]> {
    return this.api().blocks();
  }

  /** Whether the caller has blocked a user, as far as this client knows. It asks by itself as soon as there are groups. */
  isBlocked(id: string): boolean {
    return this.blocks()?.has(id) ?? false;
  }

  async block(id: string): Promise<void> {
    await this.api().block(id);
    this.blocks()?.note(id, true);
  }

  async unblock(id: string): Promise<void> {
    await this.api().unblock(id);
    this.blocks()?.note(id, false);
  }
}
