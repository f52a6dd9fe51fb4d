import { Delivery } from "./Thread.js";
import { h, icon, type IconName } from "./dom.js";

const ICONS: Record<Delivery, IconName> = {
  [Delivery.Sending]: "clock",
  [Delivery.Failed]: "warn",
  [Delivery.Sent]: "one",
  [Delivery.Delivered]: "two",
  [Delivery.Read]: "two",
};

export function ticks(delivery: Delivery): HTMLElement {
  return h("span", { class: `ticks ${delivery.toLowerCase().replace(" ", "-")}`, role: "img", "aria-label": delivery, title: delivery }, icon(ICONS[delivery], 15));
}
