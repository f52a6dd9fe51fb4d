/** An archive of data. */
export interface Export {
  id: string;
  kind: "user" | "project";
  /** `failed`: too large. */
  state: "running" | "ready" | "failed" | "expired";
  /** The user. Absent for a project. */
  subject?: string;
  requestedAt: string;
  requestedBy: string;
  /** Of the archive, as far as it is written. */
  bytes: number;
  /** Files in the archive. */
  entries: number;
  /** Files that were deleted while they were being copied; zeros stand in their place. */
  missing: number;
  /** When the archive is deleted. Absent until it is ready. */
  expiresAt?: string;
}

/** Where an archive can be downloaded, for some minutes, by whoever has the address. */
export interface ExportLink {
  url: string;
  expiresAt: string;
}

/** What is erased, and how far it is. */
export interface Erasure {
  id: string;
  kind: "user" | "conversation" | "project" | "retention";
  /** `sweeping`: everything is searched once more. `held`: a legal hold keeps a part. */
  state: "running" | "sweeping" | "held" | "done";
  /** The user. Absent when they are erased. */
  subject?: string;
  /** What stands in place of the user's id. */
  pseudonym?: string;
  requestedAt: string;
  requestedBy: string;
  /** When the next step is due. Absent when it is done. */
  nextAt?: string;
  doneAt?: string;
  /** How many were erased or emptied. */
  users: number;
  conversations: number;
  messages: number;
  logRows: number;
  files: number;
  /** Places where others had kept the user's id. */
  references: number;
}

/** A device that gets push messages. Tokens are never shown. */
export interface Device {
  id: string;
  kind: "web" | "fcm" | "apns";
  /** The log-in that it goes with. */
  session: string;
  language?: string;
  appVersion?: string;
  /** From a minute (`22:00`) to a minute (`07:00`), in an IANA time zone. Absent for never. */
  quietHours?: { from: string; to: string; timeZone: string };
  /** When it registered first. */
  createdAt: string;
  /** When it registered last. */
  seenAt: string;
}
