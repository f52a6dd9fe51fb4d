import type { GroupEvent } from "../api/wire/groups.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { CsContext } from "./CsContext.js";
import { GROUP_METHODS } from "./CsGroups.js";
import type { CsRoot } from "./CsRoot.js";
import { ownPicture } from "./shapes.js";

/** `CS.groupManagemt` (its name in existing apps): events about groups. The methods are on `CS.chat`, and here once more under the same names. */
export class CsGroupManagement {
  onMessagecb: unknown = null;

  constructor(
    readonly parent: CsRoot,
    private readonly context: CsContext,
  ) {
    for (const name of GROUP_METHODS) {
      const method = (...values: unknown[]): void => (parent.chat[name] as (...v: unknown[]) => void).apply(parent.chat, values);
      Object.defineProperty(this, name, { value: method, configurable: true, writable: true });
    }
  }

  /** The original calls it itself. It does nothing here. */
  init(): void {}

  onMessage(handler: unknown): void {
    this.onMessagecb = handler;
  }

  /** @internal */
  attach(client: ChatClient): void {
    client.on("group", (event) => this.groupCame(event, client.loginId));
  }

  private groupCame(event: GroupEvent, self: string | undefined): void {
    const gone = event.type === "GROUP-DELETED" || (["USER-DELETED", "USER-LEFT", "GROUP-BLOCKED"].includes(event.type) && event.members.includes(self ?? ""));
    if (gone) this.context.groupIds.delete(event.group);
    else this.context.groupIds.add(event.group);
    this.raise(event.type, payloadOf(event));
  }

  private raise(type: string, payload: unknown): void {
    this.context.dispatcher.call((...values: unknown[]) => (this.onMessagecb as (...v: unknown[]) => void)?.apply(this, values), this, type, payload);
  }

  get super(): CsRoot {
    return this.parent;
  }
}

/** The original's keys for each type. Where the original leaves `groupAdmins` undefined, this has the list. */
function payloadOf({ type, group, name, description, photo, members, admins }: GroupEvent): Record<string, unknown> {
  const info = { description, profilePic: ownPicture(photo), groupName: name, groupID: group };
  switch (type) {
    case "USER-ADDED":
    case "USER-DELETED":
    case "GROUP-CREATED":
      return { ...info, sGroupContacts: members, groupAdmins: admins };
    case "USER-ASSIGNED-AS-ADMIN":
    case "DISMISSED-AS-ADMIN-FROM-GROUP":
      return { ...info, sGroupContacts: members, groupAdmins: admins };
    case "USER-LEFT":
      return { ...info, userWhoLeft: members };
    default:
      return info;
  }
}
