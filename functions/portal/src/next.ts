/** Where somebody was going when they had to sign in or sign up first. */

const key = "vox.portal.next";
const day = 86_400_000;

/** A page of the portal, never another site. */
export const safeNext = (next: string | null) => (next && /^\/(?![/\\])/.test(next) ? next : "/");

/** Kept for a day: the link of the activation opens another tab. */
export const keepNext = (next: string) => {
  if (next !== "/") localStorage.setItem(key, JSON.stringify({ next, at: Date.now() }));
};

export function takeNext(): string {
  try {
    const { next, at } = JSON.parse(localStorage.getItem(key) ?? "{}") as { next?: string; at?: number };
    localStorage.removeItem(key);
    return next && at && Date.now() - at < day ? safeNext(next) : "/";
  } catch {
    return "/";
  }
}
