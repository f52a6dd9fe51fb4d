import { h } from "./dom.js";
import { hue, initials } from "./format.js";

export function avatar(id: string, name: string, online?: boolean, photo?: string): HTMLElement {
  const picture = photo ? h("img", { src: photo, alt: "", referrerpolicy: "no-referrer" }) : undefined;
  // A picture that is gone leaves the initials.
  picture?.addEventListener("error", () => picture.remove());
  const element = h("span", { class: "avatar", "aria-hidden": "true" }, initials(name || id), picture, online && h("span", { class: "dot" }));
  element.style.setProperty("--hue", String(hue(id)));
  return element;
}
