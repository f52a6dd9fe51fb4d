import type { PresenceEvent, Profile, ProfileEvent } from "../api/wire/users.js";
import { ChatError } from "../base/ChatError.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { CsContext } from "./CsContext.js";
import type { CsRoot } from "./CsRoot.js";
import { eachOf } from "./eachOf.js";
import { recentPage } from "./recents.js";
import { appContact, idsOf, ownPicture, presence } from "./shapes.js";

/** `CS.contacts`. */
export class CsContacts {
  onpresenceupdatecb: unknown = null;

  constructor(
    readonly parent: CsRoot,
    private readonly context: CsContext,
  ) {}

  onMessage(handler: unknown): void {
    this.onpresenceupdatecb = handler;
  }

  /** One id or a list. Answers 200, or 204 when one of them is no user yet. The contacts are kept in both cases. */
  addContact(ids: unknown, callback?: unknown): void {
    this.context.confirm(callback, this, async (client) => {
      let code = 200;
      await eachOf(ids, async (id) => {
        if (!(await client.contacts.add(id)).registered) code = 204;
      });
      return code;
    });
  }

  /** One id or a list. */
  removeContact(ids: unknown, callback?: unknown): void {
    this.context.confirm(callback, this, (client) => eachOf(ids, (id) => client.contacts.remove(id)));
  }

  getContacts(callback?: unknown): void {
    this.context.answer(callback, this, async (client) => {
      const contacts = await client.contacts.list();
      return [200, { contacts: contacts.map((c) => c.id), types: contacts.map((c) => c.type ?? 1) }];
    }, () => ({ contacts: [] as string[], types: [] as number[] }));
  }

  isAppContacts(ids: unknown, callback?: unknown): void {
    this.context.answer(callback, this, async (client) => [200, (await client.lookup(idsOf(ids))).map(appContact)], () => []);
  }

  getPresence(ids: unknown, callback?: unknown): void {
    this.context.answer(callback, this, async (client) => [200, (await client.lookup(idsOf(ids))).map((user) => presence(user, client.now))], () => []);
  }

  /** A falsy status or photo stays as it is. The photo is a key, or a file, which is uploaded. */
  setProfile(displayName: string, status: string, photo: string | Blob, callback?: unknown): void {
    const change: Partial<Profile> = {};
    if (displayName !== undefined && displayName !== null) change.displayName = String(displayName);
    if (status) change.status = String(status);
    if (photo && !(photo instanceof Blob)) change.photo = String(photo);
    this.context.confirm(callback, this, async (client) => {
      if (photo instanceof Blob) change.photo = await client.uploadPhoto(photo);
      await client.updateProfile(change);
    });
  }

  getProfile(id: string, callback?: unknown): void {
    this.context.answer(callback, this, async (client) => {
      const profile = id === client.loginId ? await client.profile() : (await client.lookup(idsOf(id)))[0];
      if (!profile) throw new ChatError(404, "user_not_found", "There is no such user.");
      const picture = id === client.loginId ? profile.photo : ownPicture(profile.photo);
      return [200, { displayName: profile.displayName ?? "", Presence: profile.status ?? "", profilePicture: picture ?? "" }];
    }, () => ({ displayName: "", Presence: "", profilePicture: "" }));
  }

  /** One id or a list. */
  blockUser(ids: unknown, callback?: unknown): void {
    const work = (client: ChatClient) => eachOf(ids, (id) => client.contacts.block(id));
    this.context.answer(callback, this, (client) => work(client).then(() => [200, undefined]), () => undefined);
  }

  /** One id or a list. */
  unblockUser(ids: unknown, callback?: unknown): void {
    const work = (client: ChatClient) => eachOf(ids, (id) => client.contacts.unblock(id));
    this.context.answer(callback, this, (client) => work(client).then(() => [200, undefined]), () => undefined);
  }

  getRecentContacts(pageSize: number, offset: number, callback?: unknown): void {
    recentPage(this.context, this, pageSize, offset, callback);
  }

  /** @internal */
  attach(client: ChatClient): void {
    client.on("presence", (event) => this.presenceCame(event));
    client.on("profile", (event) => this.profileCame(event));
    // The original names the user `mobileNumber`, the guide `user`.
    client.on("joined", ({ user }) => this.raise("UserJoined", { mobileNumber: user, user }));
  }

  private presenceCame({ user, online, time, status }: PresenceEvent): void {
    this.raise("PresenceUpdate", { user, isOnline: online, time, message: status ?? "" });
  }

  private profileCame({ user, displayName, status, photo }: ProfileEvent): void {
    // Empty texts, not absent keys: apps put them into a page or behind the prefix of an address.
    this.raise("ProfileChanged", { mobilenumber: user, name: displayName ?? "", message: status ?? "", profilePicUrl: ownPicture(photo) });
  }

  private raise(type: string, payload: unknown): void {
    this.context.dispatcher.call(
      (...values: unknown[]) => (this.onpresenceupdatecb as (...v: unknown[]) => void)?.apply(this, values), this, type, payload);
  }

  get super(): CsRoot {
    return this.parent;
  }
}
