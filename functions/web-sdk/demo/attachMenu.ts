import { MessageType } from "../src/index.js";
import type { ChatStore } from "./ChatStore.js";
import { h, icon } from "./dom.js";
import { menu } from "./menu.js";
import type { Room } from "./Room.js";
import { openSchedule } from "./scheduleDialog.js";

/** The button beside the composer: sends a file, a location or somebody's card. */
export function attachMenu(store: ChatStore, room: () => Room | undefined, root: () => HTMLElement, fail: (message: string) => void, field: HTMLTextAreaElement): HTMLElement {
  const picker = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files to send" });
  picker.addEventListener("change", () => {
    for (const file of picker.files ?? []) if (room()) store.sendFile(room()!, file);
    picker.value = "";
  });
  const element = menu("Attach", [
    { label: "Photo, video or document", run: () => picker.click() },
    { label: "Location", run: () => sendLocation(store, room, root, fail) },
    { label: "Contact", run: () => sendContact(store, room, root) },
    { label: "Send later …", run: () => room() && openSchedule(store, root(), room()!.peer, field.value.trim(), () => {
      field.value = "";
      field.dispatchEvent(new Event("input"));
    }) },
  ], icon("clip"));
  element.classList.add("attach");
  element.append(picker);
  return element;
}

function sendLocation(store: ChatStore, room: () => Room | undefined, root: () => HTMLElement, fail: (message: string) => void): void {
  const ask = (lat = "", lon = ""): void => openForm(root(), "Send a location", [["lat", "Latitude", lat], ["lon", "Longitude", lon], ["address", "Address", ""]], ({ lat, lon, address }) => {
    const place = { lat: Number(lat), lon: Number(lon), address };
    if (!lat || !lon || !(Math.abs(place.lat) <= 90) || !(Math.abs(place.lon) <= 180)) return "Latitude and longitude must be degrees.";
    if (room()) store.send(room()!, JSON.stringify(place), MessageType.Location);
    return undefined;
  });
  if (!navigator.geolocation) return ask();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => ask(coords.latitude.toFixed(6), coords.longitude.toFixed(6)),
    () => { fail(""); ask(); }, { timeout: 3_000 });
}

function sendContact(store: ChatStore, room: () => Room | undefined, root: () => HTMLElement): void {
  openForm(root(), "Send a contact", [["name", "Name", ""], ["number", "Number", ""], ["label", "Label", "mobile"]], ({ name, number, label }) => {
    if (!name?.trim() || !number?.trim()) return "A contact needs a name and a number.";
    if (room()) store.send(room()!, JSON.stringify({ name: name.trim(), numbers: [number.trim()], labels: [label?.trim() ?? ""] }), MessageType.Contact);
    return undefined;
  });
}

type Field = [name: string, label: string, value: string];

/** @param done Returns what is wrong, or nothing. */
function openForm(root: HTMLElement, title: string, fields: Field[], done: (values: Record<string, string>) => string | undefined): void {
  const error = h("p", { class: "form-error", role: "alert" });
  const dialog = h("dialog", { "aria-label": title });
  const form = h("form", {
    submit: ((event: SubmitEvent) => {
      event.preventDefault();
      const wrong = done(Object.fromEntries(new FormData(form)) as Record<string, string>);
      if (wrong) error.textContent = wrong;
      else dialog.close();
    }) as never,
  },
  h("h2", {}, title),
  ...fields.map(([name, label, value]) => h("label", {}, label, h("input", { name, value, autocomplete: "off" }))),
  error,
  h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Cancel"), h("button", { class: "primary", type: "submit" }, "Send")));
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
}
