/** A page that was hidden for longer than this may have been asleep. Milliseconds. */
const SLEPT = 30_000;

export interface PageSignalHandlers {
  /** The network is there again; it may be another one. */
  online(): void;
  /** The page is visible again. */
  awake(): void;
  /** The page was hidden for a while. */
  back(): void;
  /** The page is being hidden or closed, and may not run again. */
  leaving(): void;
  /** The user looks at the page now, or elsewhere: see {@link hasAttention}. */
  attention(): void;
}

/** Whether the user looks at this page. In Node they do. */
export const hasAttention = (): boolean => typeof document === "undefined" || (document.visibilityState === "visible" && document.hasFocus());

/** Passes on what the browser tells about the network and the page's visibility. In Node it never calls anything. */
export class PageSignals {
  private hiddenAt?: number;
  private readonly abort = new AbortController();

  constructor(handlers: PageSignalHandlers) {
    if (typeof window === "undefined" || typeof document === "undefined") return;
    const options = { signal: this.abort.signal };
    window.addEventListener("online", () => handlers.online(), options);
    window.addEventListener("pagehide", () => handlers.leaving(), options);
    for (const name of ["focus", "blur"]) window.addEventListener(name, () => handlers.attention(), options);
    document.addEventListener(
      "visibilitychange",
      () => {
        handlers.attention();
        if (document.visibilityState === "hidden") {
          this.hiddenAt = Date.now();
          handlers.leaving();
          return;
        }
        handlers.awake();
        if (this.hiddenAt !== undefined && Date.now() - this.hiddenAt > SLEPT) handlers.back();
      },
      options,
    );
  }

  close(): void {
    this.abort.abort();
  }
}
