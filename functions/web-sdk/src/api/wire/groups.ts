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
  /** The caller's. */
  role: GroupRole;
  /** Counts the changes of the group: the state with the higher version holds. */
  version: number;
  createdAt: number;
  /** The caller has blocked it for himself. */
  blocked: boolean;
  firstSequence: number;
  /** In the order of their joining. */
  members: GroupMember[];
}

export interface GroupSummary {
  id: string;
  name: string;
  description: string;
  photo: string;
  owner: string;
  role: GroupRole;
  memberCount: number;
  version: number;
  blocked: boolean;
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
  /** Whom the change concerns. */
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
  /** He sees what comes after. */
  joinedSequence: number;
}

/** How far the members of a group have got, or who has got one message. */
export interface GroupReceipts {
  conversation: string;
  sequence?: number;
  /** Whom the message could reach: members who see it, without its author. */
  of: number;
  delivered: number;
  read: number;
  members: GroupMemberReceipt[];
}
