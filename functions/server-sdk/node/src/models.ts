/** A JSON object: of a user or a group at most 8 KB, which users never see; of a message at most 4 KB, which members of the conversation see. */
export type Custom = Record<string, unknown>;

export interface User {
  /** Chosen by you, 1 to 128 characters. */
  id: string;
  displayName: string;
  status: string;
  /** The key of a file that is their picture; empty for none. */
  photo: string;
  custom?: Custom;
  disabled: boolean;
  createdAt: string;
  /** For conditional changes. */
  etag: string;
  bannedUntil?: string;
  mutedUntil?: string;
}

/** What a user shall be. What is absent stays as it is; an empty text clears a field. */
export interface UserChange {
  displayName?: string;
  status?: string;
  photo?: string;
  /** Takes the place of the one before; null removes it. */
  custom?: Custom | null;
}

export interface UserDraft extends UserChange {
  id: string;
}

export interface UpsertedUsers {
  users: User[];
  /** The ids of those that did not exist before. */
  created: string[];
}

export interface UserPresence {
  id: string;
  online: boolean;
  /** Online: since when. Offline: when last. Absent for never. */
  lastSeen?: string;
}

export interface UserSession {
  id: string;
  device: string;
  createdAt: string;
  refreshedAt: string;
  expiresAt: string;
}

export interface TokenOptions {
  /** 60 to 86,400, default 3,600. */
  lifetimeSeconds?: number;
  /** Whether a log-in with it ends the user's other sessions. */
  singleDevice?: boolean;
  /** Whether to create the user if they do not exist. Needs the scope `users:write` too. */
  createUser?: boolean;
}

export interface LoginToken {
  token: string;
  userId: string;
  expiresAt: string;
}

export interface Group {
  /** Your own id, or else the conversation's. */
  id: string;
  /** The id by which users know it. */
  conversation: string;
  name: string;
  description: string;
  photo: string;
  owner: string;
  memberCount: number;
  broadcast: boolean;
  frozen: boolean;
  custom?: Custom;
  createdAt: string;
  etag: string;
}

export interface GroupDraft {
  /** Your own id: 1 to 64 ASCII letters, digits and `-_.:`. */
  id?: string;
  name: string;
  owner: string;
  description?: string;
  photo?: string;
  /** Up to 1,000 users besides the owner. */
  members?: string[];
  broadcast?: boolean;
  custom?: Custom;
}

/** What is absent stays as it is. */
export interface GroupChange {
  name?: string;
  description?: string;
  photo?: string;
  /** True: only the owner, the admins and servers write to it. */
  frozen?: boolean;
  /** A member who becomes the owner. */
  owner?: string;
  custom?: Custom | null;
}

export interface GroupMember {
  id: string;
  role: "owner" | "admin" | "member";
  joinedAt: string;
}

export interface MembersChanged {
  changed: number;
  /** Those who were not added or removed, each with an error's code. */
  refused: { id: string; error: string }[];
}

export interface ModeratedUser {
  userId: string;
  /** Absent: for ever. */
  until?: string;
  reason: string;
  at?: string;
  by?: string;
}

export interface Moderate {
  /** Absent: for ever. */
  until?: Date | string;
  /** At most 200 characters. Users do not see it. */
  reason?: string;
}
