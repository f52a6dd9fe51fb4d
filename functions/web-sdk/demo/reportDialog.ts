import { ChatError, type FlagReason } from "../src/index.js";
import { summary } from "./attachments.js";
import type { ChatStore } from "./ChatStore.js";
import { openDialog } from "./dialog.js";
import { bdi, h } from "./dom.js";
import type { ShownMessage } from "./Thread.js";

const REASONS: [FlagReason, string][] = [
  ["spam", "Spam"], ["harassment", "Harassment"], ["hate", "Hate"], ["violence", "Violence"], ["sexual", "Sexual content"], ["self_harm", "Self-harm"],
  ["illegal", "Something illegal"], ["other", "Something else"],
];

/** Tells moderators of a message. Nobody else learns of it. */
export function openReport(store: ChatStore, root: HTMLElement, message: ShownMessage): void {
  const { event } = message;
  if (!event) return;
  const reason = h("select", { name: "reason", required: true }, h("option", { value: "" }, "Choose …"), ...REASONS.map(([value, text]) => h("option", { value }, text)));
  const more = h("textarea", { name: "more", rows: 3, maxlength: 500 });
  const error = h("p", { class: "form-error", role: "alert" });
  const report = h("button", { class: "primary", type: "submit" }, "Report");
  const submit = async (pressed: Event): Promise<void> => {
    pressed.preventDefault();
    error.textContent = "";
    report.disabled = true;
    try {
      const { duplicate } = await store.client.flagMessage(event, reason.value as FlagReason, more.value.trim() || undefined);
      content.replaceChildren(h("h2", {}, "Thank you"),
        h("p", { role: "status" }, duplicate ? "You had reported this message already." : "Moderators will look at the message."),
        h("div", { class: "actions" }, close("Close")));
      content.querySelector("button")?.focus();
    } catch (failure) {
      error.textContent = ChatError.of(failure).message;
    } finally {
      report.disabled = false;
    }
  };
  const close = (text: string): HTMLElement => h("button", { type: "button", click: () => dialog.close() }, text);
  const what = summary(message.type, message.data).slice(0, 120);
  const content = h("form", { submit: ((pressed: Event) => void submit(pressed)) as never },
    h("h2", {}, "Report a message"), h("p", { class: "muted" }, bdi(store.nameOf(event.from)), what ? `: “${what}”` : ""),
    h("label", {}, "Why", reason), h("label", {}, "For the moderators (optional)", more), error,
    h("div", { class: "actions" }, report, close("Cancel")));
  const dialog = openDialog(root, "Report a message", content);
}
