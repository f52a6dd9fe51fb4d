import { type ChatClient, type Conversation, type Group, type GroupMemberReceipt, type GroupRole, type GroupSummary } from "../src/index.js";

/** How many of those whom a message could reach have it. */
export interface Reach {
  of: number;
  delivered: number;
  read: number;
}

/** The user's groups, kept up to date by events: who is in them, and how far each member has got. */
export class GroupStore {
  readonly list = new Map<string, GroupSummary>();
  /** With members; of groups that were looked at. */
  readonly details = new Map<string, Group>();
  /** Groups of which the user is no member any more. */
  readonly gone = new Set<string>();
  private readonly marks = new Map<string, Map<string, GroupMemberReceipt>>();

  constructor(
    private readonly client: ChatClient,
    private readonly onChange: () => void,
  ) {
    client.on("group", (event) => {
      void this.load();
      if (this.details.has(event.group)) void this.look(event.group).catch(() => {});
    });
    client.on("receipt", ({ conversation, group, by, delivered, deliveredAt, read, readAt }) => {
      const mark = group && this.marks.get(conversation)?.get(by);
      if (mark) Object.assign(mark, { delivered, deliveredAt, read, readAt });
    });
  }

  async load(): Promise<void> {
    const groups = await this.client.groups.list().catch(() => undefined);
    if (!groups) return;
    for (const id of this.list.keys()) this.gone.add(id);
    this.list.clear();
    for (const group of groups) {
      this.list.set(group.id, group);
      this.gone.delete(group.id);
    }
    this.onChange();
  }

  nameOf(id: string): string {
    return this.list.get(id)?.name ?? this.details.get(id)?.name ?? "Group";
  }

  /** Whether a conversation belongs into the list: not of a group that the user has blocked. */
  shows(conversation: Conversation): boolean {
    return !conversation.group || !this.list.get(conversation.peer)?.blocked;
  }

  /** Groups in which nothing was said yet. */
  quiet(conversations: Conversation[]): GroupSummary[] {
    const begun = new Set(conversations.map((c) => c.peer));
    return [...this.list.values()].filter((group) => !group.blocked && !begun.has(group.id));
  }

  roleIn(id: string): GroupRole | undefined {
    return this.list.get(id)?.role;
  }

  /** The members, and how far they have got. */
  async look(id: string): Promise<Group> {
    try {
      const [group, receipts] = await Promise.all([this.client.groups.get(id), this.client.groups.receipts(id)]);
      this.details.set(id, group);
      this.marks.set(id, new Map(receipts.members.map((member) => [member.id, member])));
      this.onChange();
      return group;
    } catch (error) {
      this.details.delete(id);
      this.onChange();
      throw error;
    }
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
  }

  async create(name: string, description: string, members: string[]): Promise<Group> {
    const group = await this.client.groups.create({ name, description, members });
    await this.load();
    return group;
  }
}
