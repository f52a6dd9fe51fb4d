import { h, icon } from "./dom.js";
import type { MenuItem } from "./menu.js";

/** Milliseconds after which a finger that stays in place opens the menu. */
const LONG_PRESS = 500;
/** Pixels that a finger may move meanwhile. */
const STILL = 10;
/** The last of the row of emojis: shows all of them. */
export const MORE = "More reactions";

/**
 * A menu beside what it is about: first a row of emojis, then actions. Escape, Tab and a press elsewhere close it; arrows move in it.
 * @param root Where it is put; it stays inside.
 */
export function openMenu(root: HTMLElement, anchor: HTMLElement, label: string, quick: MenuItem[], items: MenuItem[]): void {
  const before = document.activeElement as HTMLElement | null;
  const item = ({ label: text, danger, run, name }: MenuItem & { name?: string }): HTMLElement => h("button", {
    type: "button", role: "menuitem", tabindex: -1, class: danger ? "danger" : "", "aria-label": name,
    click: () => {
      close();
      run();
    },
  }, text === MORE ? icon("plus") : text);
  const row = h("div", { class: "quick", role: "group", "aria-label": "Reactions" }, ...quick.map((q) => item({ ...q, name: q.label === MORE ? MORE : `React with ${q.label}` })));
  const list = h("div", { class: "menu-list floating", role: "menu", "aria-label": label }, ...(quick.length > 0 ? [row] : []), ...items.map(item));
  const pressed = (event: Event): void => {
    if (!list.contains(event.target as Node)) close(false);
  };
  const close = (focus = true): void => {
    document.removeEventListener("pointerdown", pressed, true);
    list.remove();
    if (focus) (before && before !== document.body ? before : anchor).focus({ preventScroll: true });
  };
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at < quick.length ? quick.length : at + 1, ArrowUp: at === quick.length ? 0 : at - 1, ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (next !== undefined) all[(next + all.length) % all.length]!.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("focusout", (event) => {
    const to = event.relatedTarget as Node | null;
    if (to && !list.contains(to)) close(false);
  });
  root.append(list);
  place(list, root, anchor);
  document.addEventListener("pointerdown", pressed, true);
  list.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
}

/** Below what it is about, or above where there is no room; never outside. */
function place(list: HTMLElement, root: HTMLElement, anchor: HTMLElement): void {
  const frame = root.getBoundingClientRect();
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const below = at.bottom - frame.top + 4;
  const top = below + height <= frame.height ? below : at.top - frame.top - height - 4;
  const left = (anchor.closest(".mine") ? at.right - width : at.left) - frame.left;
  const inside = (value: number, most: number): string => `${Math.max(8, Math.min(value, most - 8))}px`;
  list.style.top = inside(top, frame.height - height);
  list.style.left = inside(left, frame.width - width);
}

/** Calls `open` for a right click, the menu key, Enter on the element itself, and a finger that stays on it. */
export function onMenu(element: HTMLElement, open: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  let opened = false;
  const end = (): void => clearTimeout(timer);
  element.addEventListener("contextmenu", (event) => {
    // A link keeps the browser's own menu, and so does text that was selected.
    if ((event.target as HTMLElement).closest("a") || getSelection()?.toString()) return;
    event.preventDefault();
    end();
    if (!opened) open();
  });
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || event.key !== "Enter") return;
    event.preventDefault();
    open();
  });
  element.addEventListener("pointerdown", (event) => {
    opened = false;
    if (event.pointerType !== "touch") return;
    from = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => {
      opened = true;
      open();
    }, LONG_PRESS);
  });
  element.addEventListener("pointermove", (event) => {
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL) end();
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(name, end);
  // The finger that has opened the menu is lifted: that is no press, and must not move the focus out of the menu.
  element.addEventListener("touchend", (event) => opened && event.cancelable && event.preventDefault());
  element.addEventListener("click", (event) => {
    if (!opened) return;
    opened = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
