import type { CsGroups } from "./CsGroups.js";

/** What the parts of `CS` know of `CS` itself, their `parent`. It is an interface, because Cs imports its parts. */
export interface CsRoot {
  readonly chat: CsGroups;
  /** Server time − local time, in milliseconds. */
  readonly timeOffset: number;
}
