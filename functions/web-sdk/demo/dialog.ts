import { h } from "./dom.js";

/** A modal dialog, which is removed when it is closed. */
export function openDialog(parent: HTMLElement, label: string, ...content: Node[]): HTMLDialogElement {
  const dialog = h("dialog", { "aria-label": label, class: "group-dialog" }, ...content);
  dialog.addEventListener("close", () => dialog.remove());
  parent.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that cannot be undone. */
export function confirmFirst(parent: HTMLElement, question: string, explanation: string, action: string, run: () => void): void {
  const yes = h("button", { type: "button", class: "primary destructive", click: () => (dialog.close(), run()) }, action);
  const no = h("button", { type: "button", click: () => dialog.close() }, "Cancel");
  const dialog = openDialog(parent, question, h("h2", {}, question), h("p", { class: "muted" }, explanation), h("div", { class: "actions" }, no, yes));
  no.focus();
}
