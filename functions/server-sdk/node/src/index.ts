export { VoxApiError } from "./errors.js";
export type { VoxOptions, CallOptions, PostOptions, ChangeOptions } from "./connection.js";
export { VoxClient } from "./client.js";
export * from "./models.js";
export { readWebhook, VoxWebhookError } from "./webhooks.js";
export type { VoxEvent, WebhookHeaders } from "./webhooks.js";
