import type { CallOptions, Connection, PostOptions } from "./connection.js";
import type { Message } from "./messages.js";
import { query } from "./paths.js";

/** A message that was found. */
export interface SearchHit {
  /** The text around the first word, at most 240 characters, or the name of a file. */
  excerpt: string;
  /** Where the words stand in the excerpt, in UTF-16 units. */
  marks: { start: number; length: number }[];
  message: Message;
}

export interface SearchIndex {
  state: "ready" | "building" | "off";
  /** How many messages were looked at while it was made. */
  messages: number;
}

/** Search in all conversations of the project, and the index that it uses. Search must be switched on in the project. */
export class Search {
  constructor(private readonly connection: Connection) {}

  /** Messages with these words, newest first. `q`: words, `prefix*`, `"a phrase"`, `from:`, `in:` (an id), `has:file`, `before:`, `after:`. */
  find(q: string, options?: CallOptions): AsyncGenerator<SearchHit, void, undefined> {
    return this.connection.all(query("search?limit=50", { q }), "hits", options);
  }

  /** How far the index is. */
  index(options?: CallOptions): Promise<SearchIndex> { return this.connection.get("search/index", options); }

  /** Makes the index anew, in the background. Until it is ready, search finds less. */
  rebuild(options?: PostOptions): Promise<SearchIndex> { return this.connection.post("search/rebuild", {}, options); }
}
