import { h, icon } from "./dom.js";

export interface MenuItem {
  label: string;
  danger?: boolean;
  run: () => void;
}

/** A button with a list of actions; Escape and a press or focus elsewhere close it, arrows move in it. */
export function menu(label: string, items: MenuItem[], face: Node = icon("more")): HTMLElement {
  const pressed = (event: Event): void => {
    if (!element.contains(event.target as Node)) close(false);
  };
  const close = (focus = true): void => {
    list.hidden = true;
    document.removeEventListener("pointerdown", pressed);
    opener.setAttribute("aria-expanded", "false");
    if (focus) opener.focus();
  };
  const list = h("div", { class: "menu-list", role: "menu", hidden: true }, ...items.map(({ label: text, danger, run }) =>
    h("button", { type: "button", role: "menuitem", class: danger ? "danger" : "", click: () => (close(), run()) }, text)));
  const opener = h("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false",
    click: () => {
      if (!list.hidden) return close();
      list.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      document.addEventListener("pointerdown", pressed);
      (list.firstElementChild as HTMLElement).focus();
    },
  }, face);
  const element = h("div", { class: "menu" }, opener, list);
  element.addEventListener("keydown", (event) => {
    const all = [...list.children] as HTMLElement[];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !list.hidden) close();
    else if (step && !list.hidden) all[(all.indexOf(document.activeElement as HTMLElement) + step + all.length) % all.length]!.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("focusout", (event) => {
    // Safari does not focus a button that is pressed, so the focus has no target then. If the list were hidden now, the click would not
    // reach its item.
    const next = event.relatedTarget as Node | null;
    if (next && !element.contains(next)) close(false);
  });
  return element;
}
