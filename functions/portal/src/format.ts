export const dateTime = (text: string) => new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
export const date = (text: string) => new Date(text).toLocaleDateString(undefined, { dateStyle: "medium" });
export const count = (value: number) => value.toLocaleString();
export const money = (value: number, currency = "USD", digits = 4) => value.toLocaleString(undefined, { style: "currency", currency, maximumFractionDigits: digits });
export function bytes(value: number) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
}
