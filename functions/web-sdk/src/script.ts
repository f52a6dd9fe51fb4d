// calmsdk-001.js: one global, which is there as soon as the script has run, so that scripts and handlers of the page find it.
import { Cs } from "./callback/Cs.js";

declare global {
  interface Window {
    CS: Cs;
  }
}

window.CS = new Cs();
