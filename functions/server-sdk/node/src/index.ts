export { VoxApiError } from "./errors.js";
export type { VoxOptions, CallOptions, PostOptions, ChangeOptions } from "./connection.js";
export { VoxClient } from "./client.js";
export type * from "./data-models.js";
export * from "./messages.js";
export type * from "./models.js";
export type * from "./webhook-models.js";
export { readWebhook, VoxWebhookError } from "./webhooks.js";
export type { VoxEvent, WebhookHeaders } from "./webhooks.js";
