import type { Api, GroupDraft } from "../api/Api.js";
import type { Group, GroupMemberPage, GroupReceipts, GroupSummary, MembersChanged } from "../api/wire/groups.js";
import { randomId } from "../base/ids.js";

const PER_CALL = 1_000;

/** Whether an id can be a group's. */
export function isGroupId(id: string): boolean {
  return /^g[A-Za-z0-9]{22}$/.test(id);
}

/**
 * The caller's groups, with their members and roles. A message goes to a group as to a user: `client.send({ to: group.id, … })`. Changes by
 * others come as the event `group`.
 */
export class GroupList {
  constructor(
    private readonly api: () => Api,
    /** Names this client, so that it does not hear of its own changes. */
    private readonly client: string,
  ) {}

  /** Groups that the caller has blocked are marked. */
  async list(): Promise<GroupSummary[]> {
    const groups: GroupSummary[] = [];
    for (let total = 1; groups.length < total; ) {
      const page = await this.api().groups(groups.length, PER_CALL);
      groups.push(...page.groups);
      if (page.groups.length === 0) break;
      total = page.total;
    }
    return groups;
  }

  get(id: string): Promise<Group> {
    return this.api().group(id);
  }

  create(group: GroupDraft): Promise<Group> {
    return this.api().createGroup(group, this.client, randomId());
  }

  /** What is absent stays as it is; "" clears description and photo. */
  update(id: string, change: Partial<Omit<GroupDraft, "members" | "broadcast">>): Promise<Group> {
    return this.api().updateGroup(id, change, this.client);
  }

  delete(id: string): Promise<void> {
    return this.api().deleteGroup(id, this.client);
  }

  addMembers(id: string, members: string[]): Promise<Group> {
    return this.api().addGroupMembers(id, members, this.client);
  }

  /** A page of members, at most 1,000. Of a broadcast group it is for the owner and the admins. */
  members(id: string, page: { cursor?: string; size?: number } = {}): Promise<GroupMemberPage> {
    return this.api().groupMembers(id, page.cursor, page.size);
  }

  /**
   * Adds any number of members to a broadcast group, 1,000 at a time. Whoever may not be added is named in the result; all others are
   * added. After a failure call it again: it goes on where it stopped.
   */
  addManyMembers(id: string, members: string[]): Promise<MembersChanged> {
    return this.changeMany(id, "add", members);
  }

  /** Removes any number of members from a broadcast group, but for the owner and the admins. */
  removeManyMembers(id: string, members: string[]): Promise<MembersChanged> {
    return this.changeMany(id, "remove", members);
  }

  removeMember(id: string, member: string): Promise<void> {
    return this.api().removeGroupMember(id, member, this.client);
  }

  addAdmins(id: string, members: string[]): Promise<Group> {
    return this.api().addGroupAdmins(id, members, this.client);
  }

  dismissAdmin(id: string, admin: string): Promise<void> {
    return this.api().dismissGroupAdmin(id, admin, this.client);
  }

  /** The owner's place goes to the oldest admin, else to the oldest member; with the last member the group ends. */
  leave(id: string): Promise<void> {
    return this.api().leaveGroup(id, this.client);
  }

  /** Only for the caller: no live messages, and not among the conversations. The caller stays a member. */
  block(id: string): Promise<void> {
    return this.api().blockGroup(id, true, this.client);
  }

  unblock(id: string): Promise<void> {
    return this.api().blockGroup(id, false, this.client);
  }

  /** Who has received and read a message; without a sequence, how far every member has got. */
  receipts(id: string, sequence?: number): Promise<GroupReceipts> {
    return this.api().groupReceipts(id, sequence);
  }

  private async changeMany(id: string, change: "add" | "remove", members: string[]): Promise<MembersChanged> {
    const all: MembersChanged = { changed: 0, refused: [] };
    for (let i = 0; i < members.length; i += PER_CALL) {
      const part = await this.api().changeGroupMembers(id, change, members.slice(i, i + PER_CALL), this.client);
      all.changed += part.changed;
      all.refused.push(...part.refused);
    }
    return all;
  }
}
