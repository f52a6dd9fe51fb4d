import { ChatError } from "../base/ChatError.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { PushOptions } from "../push/index.js";

/** Shorter texts are no tokens of Apple's or Google's: examples, and what apps pass because the guide has a parameter there. */
const SHORTEST = 32;

/** Registers the device of a push token after the log-in. What goes wrong is no failure of the log-in. */
export async function registerToken(client: ChatClient, token: unknown): Promise<void> {
  if (typeof token !== "string" || token.length < SHORTEST) return;
  try {
    // Apple's are hexadecimal digits, and nothing of Google's is.
    const kind = /^([0-9a-f]{2}){32,}$/i.test(token) ? "apns" : "fcm";
    await client.registerDevice({ kind, token, language: typeof navigator === "undefined" ? undefined : navigator.language });
  } catch (error) {
    console.warn("CS.login: the push token was not registered.", ChatError.of(error).message);
  }
}

/** Registers this browser. @returns false when the user does not want it. */
export async function askPush(client: ChatClient, wanted: Partial<PushOptions>): Promise<boolean> {
  // Fetched only by pages that want it.
  const address = `${client.server}/js/vox-push.mjs`;
  const { voxPush } = (await import(address)) as typeof import("../push/index.js");
  const options = { ...wanted, server: client.server, accessToken: () => client.accessToken() };
  await voxPush.prepare(options);
  if (Notification.permission === "default" && navigator.userActivation?.isActive === false) await pressed();
  return (await voxPush.register(options)) !== undefined;
}

/** Browsers refuse to ask a user who has pressed nothing, and users do too. */
const pressed = (): Promise<unknown> => new Promise((resolve) => addEventListener("click", resolve, { once: true, capture: true }));
