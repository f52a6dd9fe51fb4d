import type { ChatStore } from "./ChatStore.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { localMinute } from "./format.js";

/** Asks for a day. @param go Gets its midnight, in this place's time. */
export function openDate(store: ChatStore, root: HTMLElement, go: (since: number) => void): void {
  const today = localMinute(store.client.now).slice(0, 10);
  const field = h("input", { type: "date", required: true, max: today, value: today });
  const dialog = openDialog(root, "Go to a date", h("form", {
    submit: ((event: SubmitEvent) => {
      event.preventDefault();
      dialog.close();
      go(new Date(`${field.value}T00:00`).getTime());
    }) as never,
  },
  h("h2", {}, "Go to a date"), h("label", {}, "Day", field),
  h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Cancel"), h("button", { class: "primary", type: "submit" }, "Go"))));
}
