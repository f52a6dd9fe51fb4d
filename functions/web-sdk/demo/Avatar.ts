import { h } from "./dom.js";
import { hue, initials } from "./format.js";

export function avatar(id: string, name: string, online?: boolean): HTMLElement {
  const element = h("span", { class: "avatar", "aria-hidden": "true" }, initials(name || id), online && h("span", { class: "dot" }));
  element.style.setProperty("--hue", String(hue(id)));
  return element;
}
