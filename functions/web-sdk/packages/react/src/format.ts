import { MessageType } from "@voxfunctions/chat";
import type { Texts } from "./texts.js";

const DAY = 86_400_000;

export function timeOf(at: number, locale: string): string {
  return new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}

export function dayOf(at: number, locale: string, texts: Texts): string {
  const [day, today] = [new Date(at).setHours(0, 0, 0, 0), new Date().setHours(0, 0, 0, 0)];
  if (day === today) return texts.today;
  // Half a day more, because days with a change of the clock are longer or shorter.
  if (day === new Date(today - DAY / 2).setHours(0, 0, 0, 0)) return texts.yesterday;
  return new Date(at).toLocaleDateString(locale, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
}

export const isSameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

/** One line about a message, for lists and quotes. */
export function summaryOf(type: MessageType | number, data: string, texts: Texts): string {
  switch (type) {
    case MessageType.Text: return data;
    case MessageType.Html: return data.replace(/<[^>]*>/g, "");
    case MessageType.Location: return texts.location;
    case MessageType.Image: return texts.photo;
    case MessageType.Video: return texts.video;
    case MessageType.Contact: return texts.contact;
    default: return texts.file;
  }
}

/** "1.4 MB" */
export function sizeOf(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const power = bytes < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(locale, { style: "unit", unit: units[power]!, maximumFractionDigits: power ? 1 : 0 }).format(bytes / 1_000 ** power);
}
