import { useMemo, type ReactNode } from "react";
import type { ChatClient } from "@voxfunctions/chat";
import { storeOf } from "./ChatStore.js";
import { VoxContext, type VoxContextValue } from "./context.js";
import { directionOf, textsFor, type Texts } from "./texts.js";

export interface VoxProviderProps {
  /** Made outside of components, or kept in a state: another client is another user. */
  client: ChatClient;
  /** The language of texts, dates and numbers, such as "de" or "ar-EG". Default: that of the browser. */
  locale?: string;
  /** Instead of the shipped texts, or of some of them. */
  texts?: Partial<Texts>;
  children?: ReactNode;
}

/** Gives hooks and components below it the client. */
export function VoxProvider({ client, locale, texts, children }: VoxProviderProps): ReactNode {
  const language = locale ?? (typeof navigator === "undefined" ? "en" : navigator.language);
  const value = useMemo((): VoxContextValue => (
    { store: storeOf(client), locale: language, texts: { ...textsFor(language), ...texts }, dir: directionOf(language) }
  ), [client, language, texts]);
  return <VoxContext.Provider value={value}>{children}</VoxContext.Provider>;
}
