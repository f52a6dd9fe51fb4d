/** An endpoint of webhooks. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  /** The types of events that it gets; empty: all. */
  events: string[];
  description: string;
  enabled: boolean;
  /** Why the server has switched it off. */
  disabledReason?: string;
  /** The first attempt that failed since the last that succeeded. */
  failingSince?: string;
  /** Until then, the secret from before the last rotation signs as well. */
  previousUntil?: string;
  createdAt: string;
  createdBy: string;
  /** Signs what is sent: `whsec_…`. Only after its creation and a rotation. */
  secret?: string;
}

/** What an endpoint shall be. What is absent stays as it is. */
export interface WebhookChange {
  /** Where events are sent: https, on the public internet. */
  url?: string;
  /** The types of events that it gets, such as `message.sent`. */
  events?: string[];
  /** At most 200 characters. */
  description?: string;
  /** False: it gets nothing. True switches an endpoint on again that was switched off. */
  enabled?: boolean;
}

export interface WebhookDraft extends WebhookChange {
  url: string;
  events: string[];
}

export interface RotateOptions {
  /** How long the present secret signs as well: 0 to 168, default 24. */
  overlapHours?: number;
}

export interface DeliveryFilter {
  /** A type of events. */
  type?: string;
  /** An endpoint's id. */
  webhook?: string;
  state?: "delivered" | "waiting" | "failed";
}

/** An event at an endpoint. */
export interface WebhookDelivery {
  id: string;
  /** The event's id, as the header `webhook-id` has it. */
  event: string;
  type: string;
  /** The endpoint's id. */
  webhook: string;
  at: string;
  /** `waiting`: an attempt follows. */
  state: "delivered" | "waiting" | "failed";
  /** At most the last 20, the latest last. Without `status` when there was no answer. */
  attempts: { at: string; status?: number; milliseconds: number; error?: string }[];
  /** What is sent, JSON. Absent in lists. */
  body?: string;
}

/** Your server that is asked before a message is stored. */
export interface BeforeSendHook {
  url: string;
  /** How long an answer may take. */
  milliseconds: number;
  /** Whether a message is stored when there is no good answer. */
  allowsOnFailure: boolean;
  /** Signs the questions: `whsec_…`. Only after its creation and a rotation. */
  secret?: string;
  /** Until then, the secret from before the last rotation signs as well. */
  previousUntil?: string;
  /** An instance has had five failures in a row and does not ask until then. */
  pausedUntil?: string;
  /** What became of the messages of the last seven days (UTC), the newest first. Absent after a change. */
  days?: { day: string; allowed: number; changed: number; refused: number; failed: number; skipped: number }[];
}

export interface BeforeSendDraft {
  /** Who is asked: https, on the public internet. */
  url: string;
  /** How long an answer may take: 100 to 3,000, default 1,000. */
  milliseconds?: number;
  /** Whether a message is stored when there is no good answer. Default true. */
  allowsOnFailure?: boolean;
}

export interface RequestFilter {
  api?: "server" | "client";
  /** An API key's id, or a user's id. */
  caller?: string;
  method?: string;
  /** A part of the route. */
  route?: string;
  /** True: only those that were refused or failed. */
  failed?: boolean;
  /** The code of an error. */
  error?: string;
}

/** A request to the API. */
export interface ApiRequest {
  id: string;
  at: string;
  api: "server" | "client";
  /** The API key's id, or the user's. */
  caller: string;
  method: string;
  /** Without ids. */
  route: string;
  status: number;
  milliseconds: number;
  /** Names the request in the records of whoever runs the server. */
  requestId: string;
  /** An error's code. */
  error?: string;
  /** How many requests it stands for. Absent for one. */
  of?: number;
}
