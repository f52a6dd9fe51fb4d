type Child = Node | string | false | null | undefined;
type Listener = (event: never) => void;

/** An element. Text only ever becomes text, never markup: nothing that a user writes can run. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Record<string, string | boolean | number | Listener | undefined> = {}, ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined).map((child) => child as Node | string));
  return element;
}

/** Characters that change the direction of what stands around them. */
const DIRECTIONS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** A name that somebody has chosen, without characters that could turn the text around it. */
export function plain(name: string): string {
  return name.replace(DIRECTIONS, "");
}

/** The same as an element. */
export function bdi(name: string): HTMLElement {
  return h("bdi", {}, plain(name));
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-5 16-3-7z",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  more: "M12 6.5v.01M12 12v.01M12 17.5v.01",
  sun: "M12 4V2M12 22v-2M4 12H2M22 12h-2M6.3 6.3L4.9 4.9M19.1 19.1l-1.4-1.4M6.3 17.7l-1.4 1.4M19.1 4.9l-1.4 1.4M12 8a4 4 0 100 8 4 4 0 000-8z",
  chat: "M5 5h14a1 1 0 011 1v9a1 1 0 01-1 1h-8l-5 4v-4H5a1 1 0 01-1-1V6a1 1 0 011-1z",
  people: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-3.3 2.7-6 6-6s6 2.7 6 6M16 4.5a3.5 3.5 0 010 6.5M18 14.5c1.9.9 3 2.9 3 5.5",
  group: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-3.3 2.7-6 6-6 2.3 0 4.3 1.3 5.3 3.2M18.5 5v6M15.5 8h6",
  clip: "M20 11.5l-8.2 8.2a5 5 0 01-7.1-7.1l8.5-8.5a3.3 3.3 0 014.7 4.7l-8.5 8.5a1.7 1.7 0 01-2.4-2.4l7.8-7.8",
  file: "M14 3H7a1 1 0 00-1 1v16a1 1 0 001 1h10a1 1 0 001-1V7l-4-4zM14 3v4h4",
  pin: "M12 21s7-6.2 7-11a7 7 0 10-14 0c0 4.8 7 11 7 11zM12 12.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z",
  forward: "M13 6l6 6-6 6M19 12H9a5 5 0 00-5 5v1",
  tack: "M9 3h6l-1 6 4 4H6l4-4-1-6zM12 13v8",
  bellOff: "M5 5l14 14M9 5.5A5.5 5.5 0 0117.5 10v3M18 17H5.5l1-2v-5M10 20h4",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
  down: "M6 10l6 6 6-6",
  clock: "M8 4.5V8l2.2 1.6M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8z",
  one: "M2.5 8.5l3 3 7-7",
  two: "M1 8.5l3 3 7-7M8.5 11.2l.4.3 7-7",
  warn: "M8 4.5v4.2M8 11.3v.01M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8z",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, size = 20): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const box = ["clock", "one", "two", "warn"].includes(name) ? (name === "two" ? "0 0 17 16" : "0 0 16 16") : "0 0 24 24";
  for (const [key, value] of Object.entries({ viewBox: box, width: size, height: size, "aria-hidden": "true", class: "icon" })) {
    svg.setAttribute(key, String(value));
  }
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name: IconName, label: string, onClick: (event: MouseEvent) => void, attributes: Record<string, string> = {}): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, click: onClick as Listener, ...attributes }, icon(name));
}

/** Puts the wanted children in place and leaves those alone that are there already, so that focus, scrolling and screen readers stay put. */
export function arrange(parent: Element, wanted: Element[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}
