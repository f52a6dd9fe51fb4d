import { createContext } from "react";
import type { ChatStore } from "./ChatStore.js";
import type { Texts } from "./texts.js";

export interface VoxContextValue {
  store: ChatStore;
  texts: Texts;
  /** For dates and numbers. */
  locale: string;
  dir: "ltr" | "rtl";
}

export const VoxContext = createContext<VoxContextValue | undefined>(undefined);
