import { h, icon } from "./dom.js";

export interface MenuItem {
  label: string;
  danger?: boolean;
  run: () => void;
}

/** A button with a list of actions; Escape and a click elsewhere close it, arrows move in it. */
export function menu(label: string, items: MenuItem[], button: HTMLElement = h("span", {}, icon("more"))): HTMLElement {
  const close = (focus = true): void => {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (focus) opener.focus();
  };
  const list = h("div", { class: "menu-list", role: "menu", hidden: true }, ...items.map(({ label: text, danger, run }) =>
    h("button", { type: "button", role: "menuitem", class: danger ? "danger" : "", click: () => (close(), run()) }, text)));
  const opener = h("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false",
    click: () => {
      list.hidden = !list.hidden;
      opener.setAttribute("aria-expanded", String(!list.hidden));
      if (!list.hidden) (list.firstElementChild as HTMLElement).focus();
    },
  }, button);
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
    if (!element.contains(event.relatedTarget as Node | null)) close(false);
  });
  return element;
}
