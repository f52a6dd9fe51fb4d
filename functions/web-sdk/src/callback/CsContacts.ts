import type { PresenceEvent, Profile, ProfileEvent } from "../api/wire/users.js";
import { ChatError } from "../base/ChatError.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { CsContext } from "./CsContext.js";
import type { CsRoot } from "./CsRoot.js";
import { recentPage } from "./recents.js";
import { appContact, idsOf, presence } from "./shapes.js";

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

  /** Answers 200, or 204 when there is no such user yet. The contact is kept in both cases. */
  addContact(id: string, callback?: unknown): void {
    this.context.confirm(callback, this, async (client) => ((await client.contacts.add(String(id ?? ""))).registered ? 200 : 204));
  }

  removeContact(id: string, callback?: unknown): void {
    this.context.confirm(callback, this, (client) => client.contacts.remove(String(id ?? "")));
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
    this.context.answer(callback, this, async (client) => [200, (await client.lookup(idsOf(ids))).map(presence)], () => []);
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
      return [200, { displayName: profile.displayName ?? "", Presence: profile.status ?? "", profilePicture: profile.photo ?? "" }];
    }, () => ({ displayName: "", Presence: "", profilePicture: "" }));
  }

  blockUser(id: string, callback?: unknown): void {
    this.context.answer(callback, this, (client) => client.contacts.block(String(id ?? "")).then(() => [200, undefined]), () => undefined);
  }

  unblockUser(id: string, callback?: unknown): void {
    this.context.answer(callback, this, (client) => client.contacts.unblock(String(id ?? "")).then(() => [200, undefined]), () => undefined);
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
    this.raise("ProfileChanged", {
      mobilenumber: user,
      ...(displayName ? { name: displayName } : {}),
      ...(status ? { message: status } : {}),
      ...(photo ? { profilePicUrl: photo } : {}),
    });
  }

  private raise(type: string, payload: unknown): void {
    this.context.dispatcher.call(
      (...values: unknown[]) => (this.onpresenceupdatecb as (...v: unknown[]) => void)?.apply(this, values), this, type, payload);
  }

  get super(): CsRoot {
    return this.parent;
  }
}
