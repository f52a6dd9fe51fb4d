// The service worker: vox-push-sw.js. It shows push messages and opens the right conversation.
import type { PushMessage } from "./pushMessage.js";

/** Of TypeScript's library for workers, which cannot stand beside that for pages, as much as is needed. */
interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly location: Location;
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<Page[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(name: string, listener: (event: WorkerEvent) => void): void;
}
interface Page {
  readonly focused: boolean;
  readonly visibilityState: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}
interface WorkerEvent extends Event {
  readonly data?: { json(): unknown };
  readonly notification?: Notification;
  waitUntil(work: Promise<unknown>): void;
}

const worker = self as unknown as Worker;
const pages = () => worker.clients.matchAll({ type: "window", includeUncontrolled: true });

// One after the other: what is shown already decides what the next one does.
let turn = Promise.resolve();
worker.addEventListener("push", (event) => {
  const message = event.data?.json() as PushMessage | undefined;
  turn = turn.then(() => show(message)).catch(() => {});
  event.waitUntil(Promise.all([turn, arrived(message)]));
});
worker.addEventListener("notificationclick", (event) => {
  event.notification?.close();
  event.waitUntil(open(event.notification?.data as PushMessage | undefined));
});
worker.addEventListener("notificationclose", (event) => event.waitUntil(count()));

/** The sender sees that it was delivered, also when no page is open. What fails is told by the next page. */
async function arrived(message?: PushMessage): Promise<void> {
  const server = new URL(worker.location.href).searchParams.get("server");
  if (!server || !message?.receipt) return;
  await fetch(`${server}/api/v1/receipts/pushed`, { method: "POST", headers: { authorization: `Bearer ${message.receipt}` } }).catch(() => {});
}

async function show(message?: PushMessage): Promise<void> {
  // A page that the user looks at shows its messages itself.
  if (!message || (await pages()).some((page) => page.focused && page.visibilityState === "visible")) return;
  const shown = await worker.registration.getNotifications({ tag: message.tag });
  const data = (notification: Notification) => notification.data as PushMessage | null;
  // What came late is older than what is shown already, and what came twice is no news.
  if (shown.some((notification) => (data(notification)?.sequence ?? 0) > message.sequence)) return;
  const again = shown.some((notification) => data(notification)?.id === message.id);
  const quiet = again || message.silent === true;
  const options: NotificationOptions & { renotify: boolean; timestamp: number } = {
    body: message.body, tag: message.tag, data: message, silent: quiet, renotify: !quiet, timestamp: message.sentAt,
  };
  await worker.registration.showNotification(message.title, options);
  await count();
}

/** On the app's icon: how many conversations have news here. */
async function count(): Promise<void> {
  const number = (await worker.registration.getNotifications()).length;
  await (navigator as { setAppBadge?(count: number): Promise<void> }).setAppBadge?.(number).catch(() => {});
}

async function open(message?: PushMessage): Promise<void> {
  await count();
  const [page] = await pages();
  if (page) {
    page.postMessage({ voxPushOpen: message });
    await page.focus();
    return;
  }
  const address = new URL(new URL(worker.location.href).searchParams.get("page") ?? "/", worker.location.href);
  // Whoever has put the worker onto their site has named the page; only that site's pages are opened.
  if (address.origin !== worker.location.origin) return;
  if (message?.to) address.hash = `vox-to=${encodeURIComponent(message.to)}`;
  await worker.clients.openWindow(address.href);
}
