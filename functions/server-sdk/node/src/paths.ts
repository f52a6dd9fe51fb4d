/** An id as a part of a path. */
export function part(id: string): string {
  if (!id) throw new TypeError("An id may not be empty.");
  return encodeURIComponent(id);
}

/** A path with the parts of its query that there are. */
export function query(path: string, parts: object): string {
  return path + Object.entries(parts).filter(([, value]) => value !== undefined).map(([name, value]) => `&${name}=${encodeURIComponent(String(value))}`).join("");
}
