// calmsdk-001.js: one global, made while the script is executed, so that scripts and handlers of the page find it at once.
import { Cs } from "./callback/Cs.js";

declare global {
  interface Window {
    CS: Cs;
  }
}

window.CS = new Cs();
