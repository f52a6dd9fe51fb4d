/** What apps pass to `CS.initialize`. Other keys are for parts of the original that do not exist here, and are ignored. */
export interface CsConfig {
  appId?: string;
  /** Address of the function app; default: `res/iml.json`, then the origin that the script came from. */
  server?: string;
}

const LIMIT = 3_000;

/** The origin of our script tag; only known while the script is executed. */
export const scriptOrigin = originOf(
  typeof document === "undefined" ? undefined : (document.currentScript as HTMLScriptElement | null)?.src,
);

export async function findServer(config: CsConfig): Promise<string> {
  return addressOf(config.server) ?? (await fromFile()) ?? scriptOrigin ?? (typeof location === "undefined" ? "" : location.origin);
}

/** `{"server": "https://…"}`. The file is often absent, or is the vendor's description of its protocol. Both are ignored. */
async function fromFile(): Promise<string | undefined> {
  if (typeof location === "undefined" || !location.protocol.startsWith("http")) return undefined;
  try {
    const response = await fetch(`${location.origin}/res/iml.json`, { signal: AbortSignal.timeout(LIMIT) });
    return response.ok ? addressOf(((await response.json()) as { server?: unknown } | null)?.server) : undefined;
  } catch {
    return undefined;
  }
}

function addressOf(value: unknown): string | undefined {
  return typeof value === "string" && /^https?:\/\//i.test(value) ? value.replace(/\/+$/, "") : undefined;
}

function originOf(address: string | undefined): string | undefined {
  try {
    const { origin } = new URL(address ?? "");
    return origin.startsWith("http") ? origin : undefined;
  } catch {
    return undefined;
  }
}
