// The shapes of /api/v1/ (docs/api.md): groups. Times are Unix milliseconds of the server's clock.
import type { Mark } from "./messages.js";

export type GroupRole = "owner" | "admin" | "member";

export interface GroupMember {
  id: string;
  role: GroupRole;
  joinedAt: number;
}

export interface Group {
  id: string;
  name: string;
  description: string;
  /** Storage key of a picture, or "". */
  photo: string;
  owner: string;
  /** The caller's role. */
  role: GroupRole;
  /** Counts the changes of the group. Of two states, the one with the higher version is valid. */
  version: number;
  createdAt: number;
  /** Whether the caller has blocked the group for themselves. */
  blocked: boolean;
  firstSequence: number;
  /** In the order in which they joined. Of a broadcast group only the owner and the admins: `groups.members` has all, in pages. */
  members: GroupMember[];
  /** How many members there are in all. */
  memberCount: number;
  /** Up to 100,000 members, of whom the owner and the admins write. */
  broadcast?: true;
}

export interface GroupMemberPage {
  /** How many members there are in all. Of a broadcast group it may be a minute old. */
  total: number;
  /** In an order of their own, which does not change. */
  members: GroupMember[];
  /** For the next page; absent on the last. */
  cursor?: string;
}

/** What became of members who were added or removed together. */
export interface MembersChanged {
  /** Those who were not so already. */
  changed: number;
  /** The others are done. */
  refused: { id: string; error: string }[];
}

export interface GroupSummary {
  id: string;
  name: string;
  description: string;
  photo: string;
  owner: string;
  role: GroupRole;
  /** Of a broadcast group it may be a minute old. */
  memberCount: number;
  version: number;
  blocked: boolean;
  broadcast?: true;
}

export interface GroupPage {
  total: number;
  groups: GroupSummary[];
}

export type GroupEventType =
  | "GROUP-CREATED" | "GROUP-DELETED" | "USER-ADDED" | "USER-DELETED" | "USER-ASSIGNED-AS-ADMIN" | "DISMISSED-AS-ADMIN-FROM-GROUP"
  | "USER-LEFT" | "UPDATED-GROUP-INFO" | "GROUP-BLOCKED" | "GROUP-UNBLOCKED";

export interface GroupEvent {
  type: GroupEventType;
  /** The group's id. */
  group: string;
  name: string;
  description: string;
  photo: string;
  /** Login ids of those whom the change concerns. */
  members: string[];
  /** The owner and the admins afterwards. */
  admins: string[];
  owner: string;
  by: string;
  version: number;
  time: number;
  /** The client that made the change. */
  client?: string;
}

export interface GroupMemberReceipt extends Mark {
  id: string;
  /** The member sees the messages after this one. */
  joinedSequence: number;
}

/** How far the members of a group have got, or who has got one message. */
export interface GroupReceipts {
  conversation: string;
  sequence?: number;
  /** How many members the message could reach: those who see it, without its author. */
  of: number;
  delivered: number;
  read: number;
  /** Empty for a broadcast group, which has the counts only. */
  members: GroupMemberReceipt[];
}
