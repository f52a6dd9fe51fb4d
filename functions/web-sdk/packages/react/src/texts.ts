/** What the components say. */
export interface Texts {
  conversations: string;
  noConversations: string;
  loading: string;
  messages: string;
  noMessages: string;
  older: string;
  newMessages(count: number): string;
  message: string;
  send: string;
  attach: string;
  tooLong(limit: number): string;
  edited: string;
  deleted: string;
  blocked: string;
  sending: string;
  failed: string;
  sent: string;
  delivered: string;
  read: string;
  retry: string;
  dismiss: string;
  online: string;
  typing(names: readonly string[]): string;
  unread(count: number): string;
  file: string;
  photo: string;
  video: string;
  location: string;
  contact: string;
  today: string;
  yesterday: string;
  offline: string;
}

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

export const en: Texts = {
  conversations: "Conversations",
  noConversations: "No conversations yet.",
  loading: "Loading …",
  messages: "Messages",
  noMessages: "No messages yet.",
  older: "Older messages",
  newMessages: (count) => `↓ ${count} new ${plural(count, "message", "messages")}`,
  message: "Message",
  send: "Send",
  attach: "Attach files",
  tooLong: (limit) => `A message can have at most ${limit.toLocaleString("en")} characters.`,
  edited: "edited",
  deleted: "This message was deleted.",
  blocked: "A message of somebody whom you have blocked.",
  sending: "Sending",
  failed: "Not sent",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  retry: "Send again",
  dismiss: "Remove",
  online: "online",
  typing: (names) => `${names.join(", ")} ${plural(names.length, "is", "are")} typing …`,
  unread: (count) => `${count} unread`,
  file: "File",
  photo: "Photo",
  video: "Video",
  location: "Location",
  contact: "Contact",
  today: "Today",
  yesterday: "Yesterday",
  offline: "No connection. What you write is sent later.",
};

export const de: Texts = {
  conversations: "Unterhaltungen",
  noConversations: "Noch keine Unterhaltungen.",
  loading: "Wird geladen …",
  messages: "Nachrichten",
  noMessages: "Noch keine Nachrichten.",
  older: "Ältere Nachrichten",
  newMessages: (count) => `↓ ${count} neue ${plural(count, "Nachricht", "Nachrichten")}`,
  message: "Nachricht",
  send: "Senden",
  attach: "Dateien anhängen",
  tooLong: (limit) => `Eine Nachricht kann höchstens ${limit.toLocaleString("de")} Zeichen haben.`,
  edited: "bearbeitet",
  deleted: "Diese Nachricht wurde gelöscht.",
  blocked: "Eine Nachricht von jemandem, den Sie blockiert haben.",
  sending: "Wird gesendet",
  failed: "Nicht gesendet",
  sent: "Gesendet",
  delivered: "Zugestellt",
  read: "Gelesen",
  retry: "Erneut senden",
  dismiss: "Entfernen",
  online: "online",
  typing: (names) => `${names.join(", ")} ${plural(names.length, "schreibt", "schreiben")} …`,
  unread: (count) => `${count} ungelesen`,
  file: "Datei",
  photo: "Foto",
  video: "Video",
  location: "Standort",
  contact: "Kontakt",
  today: "Heute",
  yesterday: "Gestern",
  offline: "Keine Verbindung. Was Sie schreiben, wird später gesendet.",
};

export const ar: Texts = {
  conversations: "المحادثات",
  noConversations: "لا توجد محادثات بعد.",
  loading: "جارٍ التحميل …",
  messages: "الرسائل",
  noMessages: "لا توجد رسائل بعد.",
  older: "رسائل أقدم",
  newMessages: (count) => `↓ رسائل جديدة: ${count}`,
  message: "رسالة",
  send: "إرسال",
  attach: "إرفاق ملفات",
  tooLong: (limit) => `الحد الأقصى للرسالة هو ${limit.toLocaleString("ar")} حرفًا.`,
  edited: "معدّلة",
  deleted: "حُذفت هذه الرسالة.",
  blocked: "رسالة من شخص حظرته.",
  sending: "جارٍ الإرسال",
  failed: "لم تُرسل",
  sent: "أُرسلت",
  delivered: "وصلت",
  read: "قُرئت",
  retry: "إعادة الإرسال",
  dismiss: "إزالة",
  online: "متصل",
  typing: (names) => `${names.join("، ")} يكتب الآن …`,
  unread: (count) => `غير مقروءة: ${count}`,
  file: "ملف",
  photo: "صورة",
  video: "فيديو",
  location: "موقع",
  contact: "جهة اتصال",
  today: "اليوم",
  yesterday: "أمس",
  offline: "لا يوجد اتصال. سيُرسل ما تكتبه لاحقًا.",
};

const SHIPPED: Record<string, Texts> = { en, de, ar };

/** The shipped texts of a language; English where there are none. */
export function textsFor(locale: string): Texts {
  return SHIPPED[locale.split("-")[0]!.toLowerCase()] ?? en;
}

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

export function directionOf(locale: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.includes(locale.split("-")[0]!.toLowerCase()) ? "rtl" : "ltr";
}
