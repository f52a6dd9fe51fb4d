import { timeForUsers } from "../api/Http.js";
import type { Group } from "../api/wire/groups.js";
import { ChatError } from "../base/ChatError.js";
import type { ChatClient } from "../core/ChatClient.js";
import { NOT_LOGGED_IN, phraseOf } from "./codes.js";
import type { CsContext } from "./CsContext.js";
import { callNow } from "./Dispatcher.js";
import { eachOf } from "./eachOf.js";
import { idsOf, ownPicture } from "./shapes.js";

const NO_DETAILS = { groupid: "", groupname: "", groupdescription: "", groupprofilepic: "", groupcontacts: [], admins: [], groupcreator: "" };

/** The names of the methods below; `CS.groupManagemt` has them as well. */
export const GROUP_METHODS = [
  "createGroup", "pullMyGroupsList", "pullMyGroupDetails", "updateGroupInfo", "addUsersToGroup", "delUsersToGroupReq", "addAdminsToGroup",
  "delAdminsToGroup", "exitFromGroup", "deleteGroup", "blockGroup", "unblockGroup",
] as const;

/** The group methods of `CS.chat`. After a failure each answers in the shape of a success, because apps do not look at the code. */
export abstract class CsGroups {
  protected constructor(protected readonly context: CsContext) {}

  /**
   * Answers a phrase; the new group is in {@link pullMyGroupsList}.
   * @param picture A key, or the picture itself, which is uploaded and cut to a square. The original takes only keys.
   */
  createGroup(name: string, description: string, picture: string | Blob | null, callback?: unknown): void {
    this.run(callback, async (client) => {
      const photo = await photoOf(client, picture);
      const group = await client.groups.create({ name: String(name ?? ""), description: text(description), photo });
      this.context.groupIds.add(group.id);
      return phraseOf(200);
    }, phraseOf);
  }

  pullMyGroupsList(callback?: unknown): void {
    this.run(callback, async (client) => {
      const ids = (await client.groups.list()).filter((group) => !group.blocked).map((group) => group.id);
      for (const id of ids) this.context.groupIds.add(id);
      return ids;
    }, () => []);
  }

  pullMyGroupDetails(groupId: string, callback?: unknown): void {
    this.run(callback, async (client) => {
      const group = await client.groups.get(String(groupId));
      this.context.groupIds.add(group.id);
      return {
        groupid: group.id,
        groupname: group.name,
        groupdescription: group.description,
        groupprofilepic: ownPicture(group.photo),
        groupcontacts: group.members.map((member) => member.id),
        admins: adminsOf(group),
        groupcreator: group.owner,
      };
    }, () => ({ ...NO_DETAILS, groupid: groupId }));
  }

  /** An empty name or picture stays as it is. */
  updateGroupInfo(name: string, groupId: string, description: string, picture: string | Blob, callback?: unknown): void {
    this.run(callback, async (client) => {
      const photo = await photoOf(client, picture);
      await client.groups.update(String(groupId), { name: text(name) || undefined, description: text(description), photo });
      return phraseOf(200);
    }, phraseOf);
  }

  addUsersToGroup(groupId: string, users: string[], _count: number, callback?: unknown): void {
    const ids = idsOf(users);
    // As with other calls, the callback has 10 seconds more than the call itself.
    const limit = timeForUsers(ids.length).deadline + 10_000;
    this.run(callback, async (client) => {
      // An instance of the release before does not say how many there are.
      const { members, memberCount } = await client.groups.addMembers(String(groupId), ids);
      return { groupid: groupId, groupcontacts: members.map((member) => member.id), groupusercount: memberCount ?? members.length };
    }, () => ({ groupid: groupId, groupcontacts: [] as string[], groupusercount: 0 }), limit);
  }

  /** One user or a list. */
  delUsersToGroupReq(groupId: string, users: unknown, callback?: unknown): void {
    const work = (client: ChatClient) => eachOf(users, (id) => client.groups.removeMember(String(groupId), id));
    this.run(callback, (client) => work(client).then(() => groupId), () => groupId);
  }

  addAdminsToGroup(groupId: string, users: string[], callback?: unknown): void {
    this.run(
      callback,
      async (client) => ({ groupid: groupId, groupAdmins: adminsOf(await client.groups.addAdmins(String(groupId), idsOf(users))) }),
      () => ({ groupid: groupId, groupAdmins: [] as string[] }));
  }

  /** One user or a list. */
  delAdminsToGroup(groupId: string, users: unknown, callback?: unknown): void {
    const work = (client: ChatClient) => eachOf(users, (id) => client.groups.dismissAdmin(String(groupId), id));
    this.run(callback, (client) => work(client).then(() => groupId), () => groupId);
  }

  exitFromGroup(groupId: string, _self: string, callback?: unknown): void {
    this.run(callback, (client) => client.groups.leave(String(groupId)).then(() => this.forget(groupId)), () => groupId);
  }

  deleteGroup(groupId: string, callback?: unknown): void {
    this.run(callback, (client) => client.groups.delete(String(groupId)).then(() => this.forget(groupId)), () => groupId);
  }

  blockGroup(groupId: string, self: string, callback?: unknown): void {
    const answer = { groupid: groupId, mobileNumber: self };
    this.run(callback, (client) => client.groups.block(String(groupId)).then(() => answer), () => answer);
  }

  /** Not in the original's web SDK. */
  unblockGroup(groupId: string, self: string, callback?: unknown): void {
    const answer = { groupid: groupId, mobileNumber: self };
    this.run(callback, (client) => client.groups.unblock(String(groupId)).then(() => answer), () => answer);
  }

  /** @returns false when nobody is logged in. The app is told at once then, as by the original. */
  protected guard(callback: unknown): boolean {
    if (this.context.localUser) return true;
    callNow(callback, this, ...NOT_LOGGED_IN);
    return false;
  }

  private run<T>(callback: unknown, work: (client: ChatClient) => Promise<T>, failed: (code: number) => T, limit?: number): void {
    if (!this.guard(callback)) return;
    this.context.answer(callback, this, async (client) => {
      try {
        return [200, await work(client)] as const;
      } catch (error) {
        // The original has its own number for this.
        if (ChatError.of(error).reason === "limit_reached") throw new ChatError(703, "limit_reached", ChatError.of(error).message);
        throw error;
      }
    }, failed, limit);
  }

  private forget(groupId: string): string {
    this.context.groupIds.delete(groupId);
    return groupId;
  }
}

/** The owner is among the admins, as apps expect. */
function adminsOf(group: Group): string[] {
  return group.members.filter((member) => member.role !== "member").map((member) => member.id);
}

/** @returns undefined when there is no picture. */
async function photoOf(client: ChatClient, picture: unknown): Promise<string | undefined> {
  return picture instanceof Blob ? client.uploadPhoto(picture) : text(picture) || undefined;
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
