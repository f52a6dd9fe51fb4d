import type { Cs } from "./Cs.js";

/** `CS.groupManagemt` (its name in existing apps): events about groups. The methods are on `CS.chat`. */
export class CsGroupManagement {
  onMessagecb: unknown = null;

  constructor(readonly parent: Cs) {}

  /** Of the original's own wiring. */
  init(): void {}

  onMessage(handler: unknown): void {
    this.onMessagecb = handler;
  }

  get super(): Cs {
    return this.parent;
  }
}
