// A file of its own, loaded when a page wants it: vox-push.mjs.
import type { PushMessage } from "./pushMessage.js";

export interface PushOptions {
  /** Where the chat's server is. */
  server: string;
  /** A good access token: `() => client.accessToken()`. */
  accessToken: () => string | Promise<string>;
  /** Where the page's own site has `vox-push-sw.js`. Default: `/vox-push-sw.js`. */
  worker?: string;
  /** What a click on a notification opens when no page is open. Default: this page, without its query. */
  page?: string;
  /** Of the texts: default that of the browser. */
  language?: string;
  /** When nothing is to be sent: `{ from: "22:00", to: "07:00", timeZone: "Europe/Vienna" }`. */
  quietHours?: { from: string; to: string; timeZone: string };
  /**
   * True: senders see that a message was delivered as soon as this browser has it, also while no page is open. The next page finds such messages in
   * `conversations` and in pages; the event `message`, and the callback API, do not tell them. Default: false.
   */
  reports?: boolean;
}

const registrations = () => navigator.serviceWorker.getRegistrations();
const mine = (found: ServiceWorkerRegistration) =>
  [found.active, found.waiting, found.installing].some((worker) => worker && new URL(worker.scriptURL).pathname.endsWith("/vox-push-sw.js"));

async function call<T>(options: Pick<PushOptions, "server" | "accessToken">, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${options.server.replace(/\/+$/, "")}/api/v1/devices${path}`, {
    method,
    headers: { authorization: `Bearer ${await options.accessToken()}`, ...(body ? { "content-type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `The server answered ${response.status}.`);
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const voxPush = {
  /** Whether this browser has all that push messages need. On iPhones only pages on the home screen have it. */
  get isSupported(): boolean {
    return typeof navigator !== "undefined" && "serviceWorker" in navigator && typeof PushManager !== "undefined"
      && typeof Notification !== "undefined";
  },

  /**
   * Asks the user, if nobody has asked yet, and registers this browser. Call it when the user presses something, never on load; and at each
   * start when {@link isAllowed}: the same browser is stored once.
   * @returns The device's id; undefined when the user does not want push messages.
   */
  async register(options: PushOptions): Promise<string | undefined> {
    if (!voxPush.isSupported) throw new Error("This browser has no push messages.");
    if ((await Notification.requestPermission()) !== "granted") return undefined;
    const registration = await voxPush.prepare(options);
    const { publicKey } = await call<{ publicKey: string }>(options, "GET", "/web-key");
    const before = await registration.pushManager.getSubscription();
    const key = before?.options.applicationServerKey;
    // Another project's: a subscription is for one key.
    if (before && key && encode(key) !== publicKey) await before.unsubscribe();
    await active(registration);
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
    const device = await call<{ id: string }>(options, "POST", "", {
      kind: "web", subscription: subscription.toJSON(), language: options.language ?? navigator.language, quietHours: options.quietHours,
    });
    return device.id;
  },

  /** Installs the service worker, without asking the user. Fails where the site does not have it, so that nobody is asked for nothing. */
  async prepare(options: Pick<PushOptions, "worker" | "page" | "server" | "reports">): Promise<ServiceWorkerRegistration> {
    if (!voxPush.isSupported) throw new Error("This browser has no push messages.");
    const worker = new URL(options.worker ?? "/vox-push-sw.js", location.href);
    worker.searchParams.set("page", options.page ?? `${location.origin}${location.pathname}`);
    if (options.reports) worker.searchParams.set("server", options.server.replace(/\/+$/, ""));
    return navigator.serviceWorker.register(worker);
  },

  /** The user has agreed before: {@link register} will not ask. */
  get isAllowed(): boolean {
    return voxPush.isSupported && Notification.permission === "granted";
  },

  /** Ends push messages on this browser. A log-out does so too, on the server. */
  async unregister(options?: Pick<PushOptions, "server" | "accessToken"> & { device?: string }): Promise<void> {
    for (const registration of (await registrations()).filter(mine)) await (await registration.pushManager.getSubscription())?.unsubscribe();
    if (options?.device) await call(options, "DELETE", `/${options.device}`);
  },

  /**
   * Takes back the notifications of a conversation: it was read. With `client.on("receipt", …)` this works for what was read on other devices, as long
   * as a page is open.
   */
  async close(conversation: string): Promise<void> {
    for (const registration of (await registrations()).filter(mine)) {
      for (const shown of await registration.getNotifications()) {
        if ((shown.data as PushMessage | null)?.conversation === conversation) shown.close();
      }
      // On the app's icon stands in how many conversations there is news.
      const left = (await registration.getNotifications()).length;
      await (navigator as { setAppBadge?(count: number): Promise<void> }).setAppBadge?.(left).catch(() => {});
    }
  },

  /** The user has clicked on a notification while a page was open. When none was, the new page's address ends in `#vox-to=…`. */
  onOpen(listener: (message: PushMessage) => void): () => void {
    const heard = (event: MessageEvent) => {
      const opened = (event.data as { voxPushOpen?: PushMessage } | null)?.voxPushOpen;
      if (opened) listener(opened);
    };
    navigator.serviceWorker.addEventListener("message", heard);
    return () => navigator.serviceWorker.removeEventListener("message", heard);
  },
};

/** A subscription needs an active worker, and `ready` is only for pages in its scope. */
async function active(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker || worker.state === "activated") return;
  await new Promise<void>((resolve) => worker.addEventListener("statechange", () => {
    if (worker.state === "activated" || worker.state === "redundant") resolve();
  }));
}

const encode = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
