import { ChatError, type ScheduledMessage } from "../src/index.js";
import type { ChatStore } from "./ChatStore.js";
import { openDialog } from "./dialog.js";
import { bdi, h, iconButton } from "./dom.js";
import { isolated, localMinute, moment } from "./format.js";
import { closing } from "./lifeDialogs.js";

/** Why a message was not sent when it was due. */
const REASONS: Record<string, string> = {
  blocked: "you cannot write to this user",
  not_a_member: "you are not in this group any more",
  user_not_found: "this user is not there any more",
  muted: "you may not write at the moment",
};

/** Writes a message that the server sends later, and shows those that wait: until then, their text and time can be changed. */
export function openSchedule(store: ChatStore, root: HTMLElement, peer: string, text: string, done: () => void): void {
  const field = h("textarea", { name: "text", rows: 3, required: true, maxlength: 4_000 });
  const when = h("input", { type: "datetime-local", name: "when", required: true });
  const error = h("p", { class: "form-error", role: "alert" });
  const list = h("ul", { class: "pins" });
  const title = h("h2", {});
  const submitButton = h("button", { class: "primary", type: "submit" });
  const cancelEdit = h("button", { type: "button", click: () => begin() }, "Do not change it");
  let edited: ScheduledMessage | undefined;
  const fail = (failure: unknown): void => void (error.textContent = ChatError.of(failure).message);

  const begin = (message?: ScheduledMessage): void => {
    edited = message;
    field.value = message?.data ?? "";
    when.min = localMinute(store.client.now + 120_000);
    when.value = localMinute(Math.max(message?.sendAt ?? 0, store.client.now + (message ? 120_000 : 3_600_000)));
    title.replaceChildren(message ? "Change the message to " : "Send later to ", bdi(isolated(store.nameOf(message?.to ?? peer))));
    submitButton.textContent = message ? "Change" : "Schedule";
    cancelEdit.hidden = !message;
    error.textContent = "";
    if (message) field.focus();
  };
  const row = (message: ScheduledMessage): HTMLElement => {
    const short = (message.data ?? "").slice(0, 40);
    const failed = message.state === "failed" && ` · not sent: ${REASONS[message.reason ?? ""] ?? "it was refused"}`;
    return h("li", {},
      h("button", { type: "button", class: "pin", title: "Change the text or the time", click: () => begin(message) },
        h("strong", {}, bdi(store.nameOf(message.to)), ` · ${moment(message.sendAt)}`, failed && h("span", { class: "danger" }, failed)),
        h("span", { dir: "auto" }, message.data ?? "")),
      iconButton("close", `Do not send “${short}”`, () => void store.client.scheduled.cancel(message.id).then(() => (edited?.id === message.id && begin(), load())).catch(fail)));
  };
  const load = async (): Promise<void> => {
    const messages = await store.client.scheduled.list();
    list.replaceChildren(...(messages.length > 0 ? messages.map(row) : [h("li", { class: "muted" }, "Nothing is scheduled.")]));
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    error.textContent = "";
    try {
      const change = { data: field.value.trim(), sendAt: new Date(when.value).getTime() };
      const to = edited?.to ?? peer;
      if (edited) await store.client.scheduled.update(edited.id, { ...change, ...store.life.mentionsIn(to, change.data) });
      else {
        await store.client.scheduled.add({ to, ...change, ...store.life.mentionsIn(to, change.data) });
        done();
      }
      begin();
      await load();
    } catch (failure) {
      fail(failure);
    }
  };
  const dialog = openDialog(root, "Send later",
    h("form", { submit: ((event: Event) => void submit(event)) as never },
      title, h("label", {}, "Message", field), h("label", {}, "When", when), error,
      h("div", { class: "actions" }, cancelEdit, submitButton)),
    h("h3", {}, "Scheduled"), list, closing(() => dialog.close()));
  begin();
  field.value = text;
  void load().catch(fail);
}
