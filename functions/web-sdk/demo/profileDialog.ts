import { ChatError } from "../src/index.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { h } from "./dom.js";

export function openProfile(store: ChatStore, parent: HTMLElement): void {
  const me = store.people.get(store.self);
  const name = h("input", { value: me?.displayName ?? "", maxlength: 100, placeholder: store.self });
  const status = h("input", { value: me?.status ?? "", maxlength: 500, placeholder: "What are you up to?" });
  const photo = h("input", { type: "file", accept: "image/*" });
  const error = h("p", { class: "form-error", role: "alert" });
  const save = h("button", { class: "primary", type: "submit" }, "Save");
  const dialog = h("dialog", { "aria-labelledby": `profile-${store.self}` },
    h("form", {
      submit: (async (event: SubmitEvent) => {
        event.preventDefault();
        save.disabled = true;
        try {
          await store.people.saveProfile(name.value.trim(), status.value.trim(), photo.files?.[0]);
          dialog.close();
        } catch (failure) {
          error.textContent = ChatError.of(failure).message;
          save.disabled = false;
        }
      }) as never,
    },
    avatar(store.self, store.nameOf(store.self), undefined, store.photoOf(store.self)),
    h("h2", { id: `profile-${store.self}` }, "Your profile"),
    h("p", { class: "muted" }, "Everybody who has you among their contacts sees a change at once."),
    h("label", {}, "Name", name),
    h("label", {}, "Status", status),
    h("label", {}, "Picture", photo),
    error,
    h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Cancel"), save)));
  dialog.addEventListener("close", () => dialog.remove());
  parent.append(dialog);
  dialog.showModal();
}
