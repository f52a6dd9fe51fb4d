/** What the API answers when a call fails (RFC 9457). */
export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly field?: string) {
    super(message);
  }
}

let csrfToken = "";
let onSignedOut: () => void = () => {};

export const setCsrfToken = (token: string) => { csrfToken = token; };
export const whenSignedOut = (action: () => void) => { onSignedOut = action; };

/** The header that the API wants with every call but GET. For calls that are not made with `call`. */
export const csrfHeader = () => ({ "X-CSRF-Token": csrfToken });

const base = "/api/portal/v1/";

export async function call<T = void>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      credentials: "same-origin",
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(csrfToken ? { "X-CSRF-Token": csrfToken } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "offline", "The server cannot be reached: check your connection and try again.");
  }
  const text = await response.text();
  if (response.ok) return (text ? JSON.parse(text) : undefined) as T;
  let problem: { code?: string; detail?: string; title?: string; field?: string } = {};
  try {
    problem = JSON.parse(text);
  } catch {
    // The body is not from our API: it comes from a proxy, or is empty.
  }
  if (problem.code === "not_signed_in" && csrfToken) onSignedOut();
  throw new ApiError(response.status, problem.code ?? "unknown", problem.detail ?? problem.title ?? `The server answered ${response.status}: try again.`, problem.field);
}

export const get = <T>(path: string) => call<T>("GET", path);
export const post = <T = void>(path: string, body: unknown) => call<T>("POST", path, body);
export const put = <T = void>(path: string, body: unknown) => call<T>("PUT", path, body);
export const del = (path: string) => call("DELETE", path);

export const href = (path: string) => base + path;

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export interface Session { id: string; email: string; name: string; company: string; phone: string; totp: boolean; recoveryCodes: number; csrfToken: string }
export interface Info { terms: string; devMail: boolean; baseUrl: string; mail: boolean }
export type Role = "owner" | "admin" | "viewer";
export interface ProjectSummary { id: string; name: string; role: Role; createdAt: string }
export interface Project extends ProjectSummary {
  logEnabled: boolean; retentionDays?: number; allowedOrigins: string[]; previousTokenUntil?: string; users: number; version: string;
  minPasswordLength: number; visibility: "everybody" | "contacts"; keepsMetadata: boolean; tokens: { id: string; until?: string }[]; mentionsAll: "admins" | "members"; search: boolean;
  messages: { editWindowSeconds: number; deleteWindowSeconds: number; keepVersions: boolean };
}
export interface Keys { projectId: string; authToken: string; previousTokenUntil?: string }
export interface Member { developerId: string; email: string; name: string; role: Role; since: string }
export interface Invitation { id: string; email: string; role: Role; invitedBy: string; sentAt: string; expiresAt: string; expired: boolean }
export interface InvitationDetails {
  projectId: string; project: string; invitedBy: string; role: Role; email: string; hasAccount: boolean; expiresAt: string;
}
export interface User { username: string; createdAt: string; disabled: boolean; online: boolean; lastSeen?: string }
export interface UserSession { id: string; device: string; createdAt: string; usedAt: string; expiresAt: string }
export interface UserConversation { id: string; with: string; group: boolean; left: boolean; lastSequence: number; lastMessageAt?: string }
export interface UserDetailsData extends User {
  displayName: string; status: string; sessions: UserSession[]; conversations: UserConversation[]; moreConversations: number;
}
export interface AuditEntry { at: string; who: string; action: string; detail: string; address: string }
export interface HistoryRow { from: string; to: string; group: string; data: string; file: string; fileAddress?: string; time: string; erased?: boolean; deleted?: boolean; editedAt?: string; conversation: string; sequence: number }
export interface Erasure {
  id: string; kind: "user" | "conversation" | "project"; state: "running" | "sweeping" | "held" | "done"; subject?: string; pseudonym?: string;
  requestedAt: string; requestedBy: string; nextAt?: string; doneAt?: string; users: number; conversations: number; messages: number; logRows: number; files: number; references: number;
}
export interface Export {
  id: string; kind: "user" | "project"; state: "running" | "ready" | "failed" | "expired"; subject?: string; requestedAt: string; requestedBy: string;
  bytes: number; entries: number; missing: number; expiresAt?: string;
}
export interface Hold { id: string; kind: "user" | "conversation" | "project"; target?: string; reason: string; setBy: string; setAt: string }
