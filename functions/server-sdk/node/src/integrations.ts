import type { CallOptions, Connection, PostOptions } from "./connection.js";
import type { Erasure, Export, ExportLink } from "./data-models.js";
import { part, query } from "./paths.js";
import type {
  ApiRequest, BeforeSendDraft, BeforeSendHook, DeliveryFilter, RequestFilter, RotateOptions, WebhookChange, WebhookDelivery, WebhookDraft, WebhookEndpoint,
} from "./webhook-models.js";

/** Webhook endpoints, and what was sent to them. `readWebhook` checks what your server receives. */
export class Webhooks {
  constructor(private readonly connection: Connection) {}

  /** All endpoints, and the types of events that there are. */
  list(options?: CallOptions): Promise<{ webhooks: WebhookEndpoint[]; types: string[] }> { return this.connection.get("webhooks", options); }

  get(id: string, options?: CallOptions): Promise<WebhookEndpoint> { return this.connection.get(`webhooks/${part(id)}`, options); }

  /** Only this answer, and that of a rotation, has the secret. */
  create(endpoint: WebhookDraft, options?: PostOptions): Promise<WebhookEndpoint> { return this.connection.post("webhooks", endpoint, options); }

  change(id: string, change: WebhookChange, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.connection.change("PATCH", `webhooks/${part(id)}`, change, options);
  }

  /** What waits for it is not sent any more. */
  delete(id: string, options?: CallOptions): Promise<void> { return this.connection.change("DELETE", `webhooks/${part(id)}`, undefined, options); }

  /** Makes a new secret. */
  rotate(id: string, wanted: RotateOptions = {}, options?: PostOptions): Promise<WebhookEndpoint> {
    return this.connection.post(`webhooks/${part(id)}/rotate`, wanted, options);
  }

  /** Sends an event of type `webhook.test`, once, whatever the endpoint asks for. Returns the id of the delivery. */
  async test(id: string, options?: PostOptions): Promise<string> {
    return (await this.connection.post<{ delivery: string }>(`webhooks/${part(id)}/test`, {}, options)).delivery;
  }

  /** What was sent in the last seven days, newest first. Of very many only some are here. */
  deliveries(filter: DeliveryFilter = {}, options?: CallOptions): AsyncGenerator<WebhookDelivery, void, undefined> {
    return this.connection.all(query("webhook-deliveries?limit=100", filter), "deliveries", options);
  }

  /** One delivery, with its body. */
  delivery(id: string, options?: CallOptions): Promise<WebhookDelivery> { return this.connection.get(`webhook-deliveries/${part(id)}`, options); }

  /** Sends an event to its endpoint again, with the same id and body, and with all attempts anew. Returns the id of the delivery. */
  async resend(deliveryId: string, options?: PostOptions): Promise<string> {
    return (await this.connection.post<{ delivery: string }>(`webhook-deliveries/${part(deliveryId)}/resend`, {}, options)).delivery;
  }
}

/** Your server that is asked before a message is stored. */
export class BeforeSend {
  constructor(private readonly connection: Connection) {}

  /** The hook, with what became of the messages of seven days. Status 404 when there is none. */
  get(options?: CallOptions): Promise<BeforeSendHook> { return this.connection.get("before-send", options); }

  /** The answer that makes the hook has the secret; a change keeps it. */
  set(hook: BeforeSendDraft, options?: CallOptions): Promise<BeforeSendHook> { return this.connection.change("PUT", "before-send", hook, options); }

  /** Makes a new secret. */
  rotate(wanted: RotateOptions = {}, options?: PostOptions): Promise<BeforeSendHook> { return this.connection.post("before-send/rotate", wanted, options); }

  /** Nobody is asked any more. */
  delete(options?: CallOptions): Promise<void> { return this.connection.change("DELETE", "before-send", undefined, options); }
}

/** What servers and users asked the API for. */
export class Requests {
  constructor(private readonly connection: Connection) {}

  /** The requests of the last seven days, newest first, some seconds old. By default the project keeps those that were refused or failed. */
  list(filter: RequestFilter = {}, options?: CallOptions): AsyncGenerator<ApiRequest, void, undefined> {
    return this.connection.all(query("api-requests?limit=100", filter), "requests", options);
  }
}

/** Archives of a user's data, or of the whole project's. */
export class Exports {
  constructor(private readonly connection: Connection) {}

  /** Begins an archive of a user, or without one of the whole project. It is written within minutes and kept for seven days. */
  begin(userId?: string, options?: PostOptions): Promise<Export> { return this.connection.post("exports", userId === undefined ? {} : { userId }, options); }

  /** Newest first, at most 200. */
  async list(options?: CallOptions): Promise<Export[]> { return (await this.connection.get<{ exports: Export[] }>("exports", options)).exports; }

  get(id: string, options?: CallOptions): Promise<Export> { return this.connection.get(`exports/${part(id)}`, options); }

  /** Where an archive that is ready can be downloaded. */
  link(id: string, options?: PostOptions): Promise<ExportLink> { return this.connection.post(`exports/${part(id)}/link`, {}, options); }
}

/** Erasing everything that a user wrote. */
export class Erasures {
  constructor(private readonly connection: Connection) {}

  /**
   * Deletes a user, and erases what they wrote, everywhere. There is no way back.
   *
   * @param wanted `former`: also when there is no such user any more: everybody who had this id and was deleted.
   */
  begin(userId: string, wanted: { former?: boolean } = {}, options?: PostOptions): Promise<Erasure> {
    return this.connection.post("erasures", { userId, ...wanted }, options);
  }

  get(id: string, options?: CallOptions): Promise<Erasure> { return this.connection.get(`erasures/${part(id)}`, options); }
}
