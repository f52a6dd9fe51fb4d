import type { CsContext } from "./CsContext.js";
import { callNow } from "./Dispatcher.js";
import { NOT_IMPLEMENTED, NOT_LOGGED_IN, phraseOf } from "./codes.js";

const NO_DETAILS = { groupid: "", groupname: "", groupdescription: "", groupprofilepic: "", groupcontacts: [], admins: [], groupcreator: "" };

/**
 * The group methods, which live on `CS.chat`. Groups are not served yet: every method answers 501 through its callback, in the shape that
 * apps expect.
 */
export abstract class CsGroups {
  protected constructor(protected readonly context: CsContext) {}

  createGroup(_name: string, _description: string, _picture: string | null, callback?: unknown): void {
    this.refuse(callback, phraseOf(NOT_IMPLEMENTED));
  }

  pullMyGroupsList(callback?: unknown): void {
    this.refuse(callback, []);
  }

  pullMyGroupDetails(groupId: string, callback?: unknown): void {
    this.refuse(callback, { ...NO_DETAILS, groupid: groupId });
  }

  updateGroupInfo(_name: string, _groupId: string, _description: string, _picture: string, callback?: unknown): void {
    this.refuse(callback, phraseOf(NOT_IMPLEMENTED));
  }

  addUsersToGroup(groupId: string, _users: string[], _count: number, callback?: unknown): void {
    this.refuse(callback, { groupid: groupId, groupcontacts: [], groupusercount: 0 });
  }

  delUsersToGroupReq(groupId: string, _user: string, callback?: unknown): void {
    this.refuse(callback, groupId);
  }

  addAdminsToGroup(groupId: string, _users: string[], callback?: unknown): void {
    this.refuse(callback, { groupid: groupId, groupAdmins: [] });
  }

  delAdminsToGroup(groupId: string, _user: string, callback?: unknown): void {
    this.refuse(callback, groupId);
  }

  exitFromGroup(groupId: string, _self: string, callback?: unknown): void {
    this.refuse(callback, groupId);
  }

  deleteGroup(groupId: string, callback?: unknown): void {
    this.refuse(callback, groupId);
  }

  blockGroup(groupId: string, self: string, callback?: unknown): void {
    this.refuse(callback, { groupid: groupId, mobileNumber: self });
  }

  /** @returns false, and has told the app at once as the original does, when nobody is logged in. */
  protected guard(callback: unknown): boolean {
    if (this.context.localUser) return true;
    callNow(callback, this, ...NOT_LOGGED_IN);
    return false;
  }

  private refuse(callback: unknown, value: unknown): void {
    if (this.guard(callback)) this.context.dispatcher.call(callback, this, NOT_IMPLEMENTED, value);
  }
}
