import { ChatClient, ConnectionState } from "../src/index.js";
import { avatar } from "./Avatar.js";
import { ChatStore } from "./ChatStore.js";
import type { DemoConfig } from "./config.js";
import { ConversationList } from "./ConversationList.js";
import { bdi, h } from "./dom.js";
import { isolated } from "./format.js";
import { loginView } from "./LoginView.js";
import { menu } from "./menu.js";
import { openProfile } from "./profileDialog.js";
import { openedFor, PushSwitch } from "./PushSwitch.js";
import { ThreadView } from "./ThreadView.js";

/** Shorter interruptions are not shown. Milliseconds. */
const BANNER_AFTER = 1_500;
/** How long it is said that notifications are on or off. Milliseconds. */
const NOTE_FOR = 5_000;

/** One user's window. Several can stand side by side, each logged in on its own. */
export class Pane {
  readonly element = h("section", { class: "pane" });
  private client?: ChatClient;

  constructor(
    private readonly config: DemoConfig,
    private readonly index: number,
  ) {
    void this.begin();
  }

  close(): void {
    sessionStorage.removeItem(this.key);
    void this.client?.logOut();
    this.element.remove();
  }

  private get key(): string {
    return `vox.demo.${this.index}`;
  }

  /** After a reload of the tab, the session goes on. */
  private async begin(): Promise<void> {
    const kept = sessionStorage.getItem(this.key);
    if (kept) {
      try {
        const { projectId, refreshToken } = JSON.parse(kept) as { projectId: string; refreshToken: string };
        if (this.config.named && projectId !== this.config.projectId) {
          this.leave();
          return;
        }
        const client = new ChatClient({ server: location.origin, projectId, device: "Chat demo" });
        await client.resume(refreshToken);
        this.enter(client);
        return;
      } catch {
        sessionStorage.removeItem(this.key);
      }
    }
    this.leave();
  }

  private leave(message = ""): void {
    sessionStorage.removeItem(this.key);
    this.client = undefined;
    if (this.index === 0) document.title = "Vox Chat demo";
    this.element.setAttribute("aria-label", "Not logged in");
    this.element.replaceChildren(loginView(this.config, this.index, (client) => this.enter(client)));
    if (message) this.element.querySelector(".form-error")!.textContent = message;
  }

  private enter(client: ChatClient): void {
    this.client = client;
    const store = new ChatStore(client);
    const keep = (): void => sessionStorage.setItem(this.key, JSON.stringify({ projectId: client.projectId, refreshToken: client.refreshToken }));
    keep();
    client.on("renewed", keep);
    client.on("sessionEnded", () => this.leave("Your session has ended. Log in again."));

    const body = h("div", { class: "chat" });
    const banner = h("p", { class: "banner", role: "status", hidden: true });
    const me = h("div", { class: "me" });
    const thread = new ThreadView(store, () => {
      store.close();
      list.element.querySelector<HTMLElement>("[aria-current], .row, input")?.focus();
    });
    const list = new ConversationList(store, (peer) => {
      thread.focusOn(peer);
      return store.open(peer);
    });
    const openPeer = (peer: string): void => {
      thread.focusOn(peer);
      void store.open(peer).catch(() => {});
    };
    // Of several panes, the first one has the browser's notifications: they are for one user.
    const push = this.index === 0 ? new PushSwitch(client, openPeer) : undefined;
    const pushNote = h("p", { class: "push-note", role: "status", hidden: true });
    if (push) push.onNote = (text) => {
      pushNote.textContent = text;
      pushNote.hidden = false;
      setTimeout(() => (pushNote.hidden = true), NOTE_FOR);
      render();
    };
    client.on("receipt", ({ mine, conversation }) => {
      if (mine) void push?.close(conversation);
    });
    body.append(list.element, thread.element);
    this.element.setAttribute("aria-label", `Chat of ${isolated(store.self)}`);
    this.element.replaceChildren(me, banner, pushNote, body);

    let drawn = "";
    const drawMe = (): void => {
      const name = store.nameOf(store.self);
      const status = store.people.get(store.self)?.status ?? "";
      const state = JSON.stringify([name, status, client.state, store.photoOf(store.self), push?.isOn]);
      if (state === drawn) return;
      drawn = state;
      const label = { [ConnectionState.Online]: "Connected", [ConnectionState.Connecting]: "Connecting …", [ConnectionState.Offline]: "Offline", [ConnectionState.LoggedOut]: "Logged out" }[client.state];
      me.replaceChildren(
        avatar(store.self, name, store.isOnline, store.photoOf(store.self)),
        h("div", { class: "who" }, h("h2", {}, bdi(name)), h("span", { class: store.isOnline ? "is-online" : "" }, h("bdi", {}, status || label))),
        menu("Your account", [
          { label: "Edit profile", run: () => openProfile(store, this.element) },
          ...(push?.items ?? []),
          { label: "Log out", run: () => void client.logOut().then(() => this.leave()) },
        ]));
    };

    let downSince = 0;
    const drawBanner = (): void => {
      downSince = store.isOnline ? 0 : downSince || Date.now();
      banner.hidden = !downSince || Date.now() - downSince < BANNER_AFTER;
      const waiting = client.unsent;
      banner.textContent = `You are offline. ${waiting ? `${waiting} ${waiting === 1 ? "message is" : "messages are"} sent as soon as you are back.` : "Trying to reconnect …"}`;
      if (banner.hidden && downSince) setTimeout(render, BANNER_AFTER);
    };

    let looksAt: string | undefined;
    const lookAt = (conversation: string | undefined): void => {
      client.setView(conversation);
      if (conversation && conversation !== looksAt) void push?.close(conversation);
      looksAt = conversation;
    };

    let scheduled = false;
    const render = (): void => {
      if (scheduled) return;
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        body.classList.toggle("has-thread", store.selected !== undefined);
        lookAt(store.selected === undefined ? undefined : store.conversationWith(store.selected)?.id);
        drawMe();
        drawBanner();
        list.render();
        thread.render();
        if (this.index === 0) document.title = `${store.unread > 0 ? `(${store.unread}) ` : ""}Vox Chat demo`;
      });
    };
    store.onChange = render;
    document.addEventListener("visibilitychange", () => store.markRead());
    render();
    void store.load().catch(() => {});
    const wanted = this.index === 0 && openedFor();
    if (wanted) openPeer(wanted);
  }
}
