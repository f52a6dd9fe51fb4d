import { ChatError } from "../base/ChatError.js";
import type { TokenProvider } from "./ClientOptions.js";

/** An app's server that has not answered by then is asked again later. Milliseconds. */
const PATIENCE = 30_000;

/** Asks the app for a token. Whatever goes wrong there may be better the next time. */
export async function tokenFrom(provider: TokenProvider): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not answer in time")), PATIENCE);
  });
  try {
    const token = await Promise.race([(async () => provider())(), late]);
    if (!token || typeof token !== "string") throw new Error("it gave no token");
    return token;
  } catch (error) {
    throw new ChatError(503, "token_provider_failed", `The app's tokenProvider failed: ${error instanceof Error ? error.message : String(error)}.`, true);
  } finally {
    clearTimeout(timer);
  }
}
