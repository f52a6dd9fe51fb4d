// What apps pass to the methods that send.
/** UTF-16 units. Longer texts are cut silently, as the original does. */
const MAX_TEXT = 4_000;

/** One recipient. A list is none: an id may contain commas, so a text made of a list would be the id of somebody else. */
export function recipientOf(recipient: unknown): string {
  const value = Array.isArray(recipient) && recipient.length === 1 ? (recipient[0] as unknown) : recipient;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The guide's flag: 0 or false for a message whose receipts the sender does not want. Left out, they are wanted. */
export function wantsReports(reports: unknown): boolean {
  return ![0, false, "0", "false"].includes(reports as never);
}

/** @returns undefined for values that are no text. */
export function textOf(message: unknown): string | undefined {
  if (!["string", "number", "boolean", "bigint"].includes(typeof message)) return undefined;
  const text = String(message).slice(0, MAX_TEXT);
  // Half a surrogate pair is no valid text. The cut above may leave one.
  return text.replace(/\p{Surrogate}$/u, "").replace(/\p{Surrogate}/gu, "\uFFFD");
}
