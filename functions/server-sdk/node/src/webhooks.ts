import { createHmac, timingSafeEqual } from "node:crypto";

/** Something that has happened in the project. */
export interface VoxEvent {
  /** The same whenever the event is delivered again. */
  id: string;
  /** What has happened, such as `message.sent`. */
  type: string;
  /** When it happened, RFC 3339. */
  timestamp: string;
  /** What belongs to this type. */
  data: unknown;
}

/** A webhook was not signed with your secret, or is too old. */
export class VoxWebhookError extends Error {
  override readonly name = "VoxWebhookError";
}

/** Headers as Node, Express or fetch have them. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;

const TOLERANCE_SECONDS = 300;

/**
 * Reads an event, if it was signed with one of the secrets within the last five minutes (Standard Webhooks).
 *
 * @param secrets Of the endpoint, `whsec_…`. While you rotate, there are two.
 * @param body Exactly as it came: not parsed and made anew.
 * @param now Unix time in ms.
 * @throws VoxWebhookError when it is not to be trusted.
 */
export function readWebhook(secrets: string | readonly string[], headers: WebhookHeaders, body: string | Uint8Array, now = Date.now()): VoxEvent {
  const header = (name: string): string => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? "";
  };
  const [id, timestamp, signatures] = [header("webhook-id"), header("webhook-timestamp"), header("webhook-signature")];
  if (!id || !signatures || !/^\d{1,12}$/.test(timestamp)) throw new VoxWebhookError("The webhook lacks its id, its time or its signature.");
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) throw new VoxWebhookError("The webhook is too old, or the clocks differ.");

  const bytes = Buffer.from(body);
  const isSignedWith = (secret: string): boolean => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const expected = Buffer.from(`v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(bytes).digest("base64")}`);
    return signatures.split(" ").some(signature => {
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  };
  if (![secrets].flat().some(isSignedWith)) throw new VoxWebhookError("The webhook was not signed with a secret of this endpoint.");

  try {
    const { type, timestamp: at, data } = JSON.parse(bytes.toString("utf8")) as VoxEvent;
    return { id, type, timestamp: at, data };
  } catch {
    throw new VoxWebhookError("The webhook is signed, but it is no event.");
  }
}
