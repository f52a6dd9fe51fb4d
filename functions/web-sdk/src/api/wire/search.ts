// The shapes of /api/v1/search (docs/search.md).
import type { MessageEvent } from "./messages.js";

/** Where a word of the query stands in an excerpt, in UTF-16 units. */
export interface SearchMark {
  start: number;
  length: number;
}

/** A message that was found. */
export interface SearchHit {
  /** The other member's login id, or the group's id. */
  with: string;
  /** The part of the text around the first word that was found. */
  excerpt: string;
  marks: SearchMark[];
  message: MessageEvent;
}

/** Newest first. It may have few hits, even none, while there is a `next`. */
export interface SearchPage {
  hits: SearchHit[];
  /** The cursor of the next page; absent when everything was looked at. */
  next?: string;
}
