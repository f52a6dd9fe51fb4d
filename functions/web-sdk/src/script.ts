// calmsdk-001.js: its global is there as soon as the script has run, so that scripts and handlers of the page find it.
import { Cs } from "./callback/Cs.js";
import { CsChat } from "./callback/CsChat.js";

declare global {
  interface Window {
    CS: Cs;
  }
}

window.CS = new Cs();
// The guide writes `Chat.prototype.ChatFileType` and `Contacts.setProfile`. A page that uses these names for something else keeps its own.
for (const [name, value] of Object.entries({ Chat: CsChat, Contacts: window.CS.contacts })) {
  if (!(name in window)) Object.defineProperty(window, name, { value, configurable: true, writable: true, enumerable: false });
}
