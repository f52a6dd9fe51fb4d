import {
  ChatError, type ChatClient, type Conversation, type Group, type GroupMemberReceipt, type GroupSummary,
} from "../src/index.js";
import { oneAtATime } from "./oneAtATime.js";

/** How many of the members whom a message could reach have received and read it. */
export interface Reach {
  of: number;
  delivered: number;
  read: number;
}

/** What the user may set, besides the members. */
export interface GroupForm {
  name: string;
  description: string;
  picture?: File;
}

/** The user's groups, kept up to date by events: who is in them, and how far each member has got. */
export class GroupStore {
  readonly list = new Map<string, GroupSummary>();
  /** Groups with their members, of those groups that were opened. */
  readonly details = new Map<string, Group>();
  /** Dialogs that show groups. */
  readonly watchers = new Set<() => void>();
  readonly load = oneAtATime(() => this.reload());

  private readonly names = new Map<string, string>();
  private readonly deleted = new Set<string>();
  private readonly left = new Set<string>();
  private readonly marks = new Map<string, Map<string, GroupMemberReceipt>>();
  private readonly looks = new Map<string, () => Promise<Group>>();

  /** @param onMembers Hears the ids of all members of a group that was looked at. */
  constructor(
    private readonly client: ChatClient,
    private readonly onChange: () => void,
    private readonly onMembers: (ids: string[]) => void,
  ) {
    client.on("group", ({ type, group, name, members }) => {
      this.names.set(group, name);
      if (type === "GROUP-DELETED") this.deleted.add(group);
      if (["USER-DELETED", "USER-LEFT"].includes(type) && members.includes(client.loginId ?? "")) this.left.add(group);
      void this.load();
      if (this.details.has(group)) void this.look(group).catch(() => {});
    });
    client.on("receipt", ({ conversation, group, by, delivered, deliveredAt, read, readAt }) => {
      const mark = group && this.marks.get(conversation)?.get(by);
      if (!mark) return;
      Object.assign(mark, { delivered, deliveredAt, read, readAt });
      this.changed();
    });
  }

  nameOf(id: string): string {
    return this.list.get(id)?.name ?? this.names.get(id) ?? this.client.conversations.find((c) => c.id === id)?.name ?? "Group";
  }

  /** Whether a conversation belongs in the list. That of a blocked group does not. */
  shows(conversation: Conversation): boolean {
    return !conversation.group || !this.isBlocked(conversation.peer);
  }

  /** Groups in which nothing was said yet. */
  quiet(conversations: Conversation[]): GroupSummary[] {
    const begun = new Set(conversations.map((c) => c.peer));
    return [...this.list.values()].filter((group) => !group.blocked && !begun.has(group.id));
  }

  /** Groups that the user has blocked. */
  get blocked(): GroupSummary[] {
    return [...this.list.values()].filter((group) => group.blocked);
  }

  isBlocked(id: string): boolean {
    return this.list.get(id)?.blocked ?? false;
  }

  /** Why the user cannot write to a group; undefined when they can. */
  farewell(id: string): string | undefined {
    if (this.deleted.has(id)) return "This group was deleted";
    const closed = this.left.has(id) || (!this.list.has(id) && this.client.conversations.find((c) => c.id === id)?.closed);
    return closed ? "You are not in this group any more" : undefined;
  }

  /** The members, and how far they have got. */
  look(id: string): Promise<Group> {
    let look = this.looks.get(id);
    if (!look) this.looks.set(id, (look = oneAtATime(() => this.lookAgain(id))));
    return look();
  }

  reach(id: string, sequence: number): Reach {
    const members = this.others(id, sequence);
    return {
      of: members.length,
      delivered: members.filter((member) => member.delivered >= sequence).length,
      read: members.filter((member) => member.read >= sequence).length,
    };
  }

  /** Members whom an own message could reach. */
  others(id: string, sequence: number): GroupMemberReceipt[] {
    return [...(this.marks.get(id)?.values() ?? [])].filter((member) => member.id !== this.client.loginId && member.joinedSequence < sequence);
  }

  /** Does something to a group and shows the outcome. */
  async act(id: string, work: (groups: ChatClient["groups"]) => Promise<unknown>): Promise<void> {
    await work(this.client.groups);
    await this.load();
    if (this.list.has(id)) await this.look(id);
    else this.details.delete(id);
  }

  async create({ name, description, picture }: GroupForm, members: string[]): Promise<Group> {
    const group = await this.client.groups.create({ name, description, members, photo: await this.upload(picture) });
    this.details.set(group.id, group);
    await this.load();
    return group;
  }

  async describe(id: string, { name, description, picture }: GroupForm): Promise<void> {
    const photo = await this.upload(picture);
    await this.act(id, (groups) => groups.update(id, { name, description, photo }));
  }

  private async upload(picture?: File): Promise<string | undefined> {
    return picture ? this.client.uploadPhoto(picture) : undefined;
  }

  private async reload(): Promise<void> {
    const groups = await this.client.groups.list().catch(() => undefined);
    if (!groups) return;
    this.list.clear();
    for (const group of groups) {
      this.list.set(group.id, group);
      this.names.set(group.id, group.name);
      this.left.delete(group.id);
    }
    this.changed();
  }

  private async lookAgain(id: string): Promise<Group> {
    try {
      const [group, receipts] = await Promise.all([this.client.groups.get(id), this.client.groups.receipts(id)]);
      this.details.set(id, group);
      // Marks that came live while these were on their way may be newer.
      const known = this.marks.get(id);
      this.marks.set(id, new Map(receipts.members.map((member) => {
        const before = known?.get(member.id);
        return [member.id, before && before.delivered + before.read > member.delivered + member.read ? { ...before, joinedSequence: member.joinedSequence } : member];
      })));
      this.onMembers(group.members.map((member) => member.id));
      this.changed();
      return group;
    } catch (error) {
      if ([403, 404].includes(ChatError.of(error).code)) {
        this.details.delete(id);
        this.changed();
      }
      throw error;
    }
  }

  private changed(): void {
    this.onChange();
    for (const watcher of this.watchers) watcher();
  }
}
