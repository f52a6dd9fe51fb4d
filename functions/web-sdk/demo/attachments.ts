import type { ChatClient } from "../src/index.js";
import { isKey } from "../src/files/fileKey.js";
import { MessageType } from "../src/index.js";
import { bdi, h, icon, iconButton } from "./dom.js";
import { isolated } from "./format.js";
import type { ShownMessage } from "./Thread.js";

const UNITS = ["B", "KB", "MB", "GB"];

/** What stands in a bubble in place of text; undefined for text. */
export function attachment(client: ChatClient, message: ShownMessage, root: () => HTMLElement): HTMLElement | undefined {
  if (message.upload) return progress(client, message);
  switch (message.type) {
    case MessageType.Image:
      return picture(client, message, root);
    case MessageType.Video:
      return h("video", {
        class: "media", controls: true, preload: "metadata", playsinline: true, src: client.mediaUrl(message.data),
        poster: message.thumbnail && isKey(message.thumbnail) ? client.mediaUrl(message.thumbnail.replace(/^thumb_/, "preview_")) : undefined,
      });
    case MessageType.Document:
      return h("a", { class: "file", href: client.mediaUrl(message.data), download: nameOf(message.data), target: "_blank", rel: "noopener" },
        icon("file", 24), h("span", {}, h("strong", {}, bdi(nameOf(message.data))), h("small", {}, size(message.size))));
    case MessageType.Location:
      return place(message.data);
    case MessageType.Contact:
      return card(message.data);
    default:
      return undefined;
  }
}

/** For the list of conversations. */
export function summary(type: number, data: string): string {
  switch (type) {
    case MessageType.Image: return "📷 Photo";
    case MessageType.Video: return "🎬 Video";
    case MessageType.Document: return `📄 ${isolated(nameOf(data))}`;
    case MessageType.Location: return "📍 Location";
    case MessageType.Contact: return `👤 ${isolated(String(parse(data)?.["name"] ?? "") || "Contact")}`;
    default: return data;
  }
}

/** A key has an underscore for each character that could do harm in an address, blanks above all. */
export function nameOf(key: string): string {
  return key.length > 16 && key[15] === "_" ? key.slice(16).replace(/_+/g, " ") : key;
}

export function size(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1_024)));
  return `${(bytes / 1_024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${UNITS[unit]}`;
}

function progress(client: ChatClient, message: ShownMessage): HTMLElement {
  return h("div", { class: "upload" },
    h("strong", {}, bdi(nameOf(message.data))),
    h("progress", { max: Math.max(1, message.upload!.total), "aria-label": `Upload of ${isolated(nameOf(message.data))}` }),
    h("span", {}, h("span", { class: "upload-size" }), " ",
      h("button", { type: "button", class: "link", click: () => client.cancelFile(message.id) }, "Cancel")));
}

/** How far an upload is, in the bubble that {@link attachment} has made for it. */
export function showProgress(bubble: HTMLElement, { loaded, total }: { loaded: number; total: number }): void {
  const bar = bubble.querySelector("progress");
  const text = bubble.querySelector(".upload-size");
  if (bar) bar.value = loaded;
  if (text) text.textContent = `${size(loaded)} of ${size(total)}`;
}

function picture(client: ChatClient, message: ShownMessage, root: () => HTMLElement): HTMLElement {
  // The address of a thumbnail is the sender's choice. Loading it would tell whoever is there when the reader reads, and from where.
  const thumbnail = message.thumbnail && isKey(message.thumbnail) ? message.thumbnail : undefined;
  const preview = thumbnail?.startsWith("thumb_") ? `preview_${message.data}` : message.data;
  const image = h("img", {
    class: "media", loading: "lazy", alt: nameOf(message.data), src: client.mediaUrl(thumbnail ?? message.data), referrerpolicy: "no-referrer",
    // The thumbnail has 200 pixels. Screens with more pixels in the same space get the preview.
    ...(thumbnail?.startsWith("thumb_") ? { srcset: `${client.mediaUrl(thumbnail)} 200w, ${client.mediaUrl(preview)} 1280w`, sizes: "200px" } : {}),
  });
  return h("button", {
    type: "button", class: "picture", "aria-label": `Show ${isolated(nameOf(message.data))}`,
    click: () => openLightbox(root(), client.mediaUrl(preview), client.mediaUrl(message.data), nameOf(message.data)),
  }, image);
}

function openLightbox(root: HTMLElement, preview: string, original: string, name: string): void {
  const dialog = h("dialog", { class: "lightbox", "aria-label": isolated(name) },
    h("img", { src: preview, alt: name }),
    h("div", { class: "lightbox-bar" }, h("span", {}, bdi(name)), h("a", { href: original, target: "_blank", rel: "noopener" }, "Original"), iconButton("close", "Close", () => dialog.close())));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
}

function place(data: string): HTMLElement {
  const location = parse(data);
  const [lat, lon] = [degrees(location?.["lat"], 90), degrees(location?.["lon"], 180)];
  if (lat === undefined || lon === undefined) return h("span", { class: "text" }, data);
  const text = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  return h("a", { class: "file", target: "_blank", rel: "noopener noreferrer", href: `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=16/${lat}/${lon}` },
    icon("pin", 24), h("span", {}, h("strong", {}, String(location?.["address"] ?? "") || "Location"), h("small", {}, text)));
}

function card(data: string): HTMLElement {
  const contact = parse(data);
  const numbers = Array.isArray(contact?.["numbers"]) ? contact["numbers"].map(String) : [];
  const labels = Array.isArray(contact?.["labels"]) ? contact["labels"].map(String) : [];
  const name = contact?.["name"];
  if (typeof name !== "string" || !name.trim()) return h("span", { class: "text" }, data);
  return h("div", { class: "file" }, icon("people", 24), h("span", {}, h("strong", {}, bdi(name)),
    ...numbers.map((number, i) => h("small", {}, labels[i] ? `${labels[i]}: ` : "", h("a", { href: `tel:${number.replace(/[^+\d]/g, "")}` }, number)))));
}

/** A number, or a text of one; undefined for what is none. */
function degrees(value: unknown, max: number): number | undefined {
  const number = typeof value === "string" && value.trim() ? Number(value) : value;
  return typeof number === "number" && Math.abs(number) <= max ? number : undefined;
}

function parse(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
