import type { TextStore } from "../base/TextStore.js";

const KEY = "vox:device";

/**
 * A secret of this browser, made once. The server takes a refresh token a second time only with it: from whoever did not get the answer, and
 * from nobody else.
 */
export function deviceKey(store: TextStore): string {
  const known = store.get(KEY);
  if (known && known.length >= 16 && known.length <= 128) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const key = btoa(String.fromCharCode(...bytes));
  store.set(KEY, key);
  return key;
}
