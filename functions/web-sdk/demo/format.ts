const DAY = 86_400_000;

export function time(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
}

export function day(at: number): string {
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (at >= midnight) return "Today";
  if (at >= midnight - DAY) return "Yesterday";
  const year = new Date(at).getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return new Date(at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long", year });
}

/** For the list: the time of today, else the day. */
export function short(at: number): string {
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (at >= midnight) return time(at);
  if (at >= midnight - DAY) return "Yesterday";
  if (at >= midnight - 6 * DAY) return new Date(at).toLocaleDateString([], { weekday: "short" });
  return new Date(at).toLocaleDateString([], { day: "numeric", month: "short" });
}

/** A day and a time. */
export function moment(at: number): string {
  return `${new Date(at).toLocaleDateString([], { weekday: "short", day: "numeric", month: "short" })}, ${time(at)}`;
}

/** As a field for date and time wants it: the time of this place, to the minute. */
export function localMinute(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function seen(at: number): string {
  if (!at) return "Offline";
  const minutes = Math.floor((Date.now() - at) / 60_000);
  if (minutes < 1) return "Last seen just now";
  if (minutes < 60) return `Last seen ${minutes} min ago`;
  return `Last seen ${short(at)}${at >= Date.now() - 2 * DAY && short(at) === "Yesterday" ? ` at ${time(at)}` : ""}`;
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!].map((word) => [...word][0] ?? "") : [...(words[0] ?? "")].slice(0, 1);
  return letters.join("").toUpperCase() || "?";
}

/** A colour for a name, the same everywhere. */
export function hue(id: string): number {
  let hash = 7;
  for (const char of id) hash = (hash * 31 + char.codePointAt(0)!) % 3_600;
  // The golden angle: neighbours get colours far apart.
  return Math.round((hash * 137.508) % 360);
}

/** A name inside a sentence: written from right to left, it would otherwise turn its neighbours round. Control characters are left out. */
export function isolated(name: string): string {
  return /[\u0590-\uffff]/.test(name) ? `\u2068${name.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")}\u2069` : name;
}
