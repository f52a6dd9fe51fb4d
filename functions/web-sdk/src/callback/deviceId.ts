const COOKIE = "iml_dev_id";
const DAYS = 9_999;

/** The id of this browser. It is in the original's cookie, so that it stays when an app changes to this SDK. */
export function deviceId(): string {
  const fresh = (): string => String(crypto.getRandomValues(new Uint32Array(1))[0]);
  if (typeof document === "undefined") return fresh();
  try {
    const known = document.cookie.split("; ").find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
    if (known) return decodeURIComponent(known).slice(0, 64);
    const id = fresh();
    document.cookie = `${COOKIE}=${id}; path=/; max-age=${DAYS * 86_400}; SameSite=Lax`;
    return id;
  } catch {
    // The page is sandboxed, or somebody else has written the cookie.
    return fresh();
  }
}
