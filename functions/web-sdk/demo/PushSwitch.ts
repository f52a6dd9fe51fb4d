import type { ChatClient } from "../src/index.js";
import type { MenuItem } from "./menu.js";

/** Whom this browser's push messages are for: `{ [project|user]: device id }`, at most one. */
const KEY = "vox.demo.push";

/** Push messages of the demo: offered in the account's menu, so that the user is asked only when they press it. */
export class PushSwitch {
  /** What to tell the user. */
  onNote: (text: string) => void = () => {};
  private device?: string;
  private listening?: () => void;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly name: string;

  constructor(
    private readonly client: ChatClient,
    private readonly onOpen: (peer: string) => void,
  ) {
    this.name = `${client.projectId}|${client.loginId}`;
    if (!this.possible) return;
    const known = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, string>;
    this.device = known[this.name];
    // As each app at its start; with another session than before, so the server must hear of it.
    if (this.device && Notification.permission === "granted") void this.turnOn().catch(() => {});
    else this.device = undefined;
  }

  get items(): MenuItem[] {
    if (!this.possible || Notification.permission === "denied") return [];
    return this.device
      ? [{ label: "Turn off notifications", run: () => this.act(this.turnOff(), "Notifications are off.") }]
      : [{ label: "Turn on notifications", run: () => this.act(this.turnOn(), "Notifications are on.") }];
  }

  get isOn(): boolean {
    return this.device !== undefined;
  }

  /** Takes the notifications of a conversation back: it was read, here or on another device. */
  async close(conversation: string): Promise<void> {
    if (this.device) await (await load()).close(conversation);
  }

  private get possible(): boolean {
    return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  }

  private act(done: Promise<boolean>, note: string): void {
    done.then((changed) => this.onNote(changed ? note : "Notifications stay off."), (error) => this.onNote(`Notifications: ${(error as Error).message}`));
  }

  private turnOn(): Promise<boolean> {
    return this.inTurn(() => this.register());
  }

  private turnOff(): Promise<boolean> {
    return this.inTurn(() => this.unregister());
  }

  /** One after the other: what the page does at its start must not undo what the user does meanwhile. */
  private inTurn(work: () => Promise<boolean>): Promise<boolean> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  private async register(): Promise<boolean> {
    const voxPush = await load();
    const device = await voxPush.register({ ...this.access, worker: "/js/vox-push-sw.js", reports: true, page: `${location.origin}${location.pathname}` });
    this.device = device;
    if (!device) return false;
    localStorage.setItem(KEY, JSON.stringify({ [this.name]: device }));
    this.listening ??= voxPush.onOpen((message) => { if (message.to) this.onOpen(message.to); });
    return true;
  }

  private async unregister(): Promise<boolean> {
    const { device } = this;
    this.device = undefined;
    localStorage.removeItem(KEY);
    await (await load()).unregister({ ...this.access, device });
    return true;
  }

  private get access() {
    return { server: location.origin, accessToken: () => this.client.accessToken() };
  }
}

/** The file is fetched when it is needed. It stands beside the SDK. */
async function load() {
  const address = "/js/vox-push.mjs";
  return ((await import(address)) as typeof import("../src/push/index.js")).voxPush;
}

/** Whom a notification that has opened this page was about. It is used once. */
export function openedFor(): string | undefined {
  const to = new URLSearchParams(location.hash.slice(1)).get("vox-to") ?? undefined;
  if (to) history.replaceState(null, "", location.pathname + location.search);
  return to;
}
