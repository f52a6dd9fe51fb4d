import type { CsGroups } from "./CsGroups.js";

/** What the parts of `CS` know of the whole, which apps reach through `parent` and `super`. An interface, because the whole imports its parts. */
export interface CsRoot {
  readonly chat: CsGroups;
  /** Server time − local time, in milliseconds. */
  readonly timeOffset: number;
}
