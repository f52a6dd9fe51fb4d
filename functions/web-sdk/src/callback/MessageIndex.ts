import type { MessageEvent } from "../api/wire/messages.js";
import { ChatError } from "../base/ChatError.js";
import type { ChatClient } from "../core/ChatClient.js";

const LIMIT = 20_000;

export interface MessagePlace {
  conversation: string;
  sequence: number;
}

/** Finds a message by its id. The callback API names messages by their ids, and the server by conversation and sequence. */
export class MessageIndex {
  private readonly places = new Map<string, MessagePlace>();

  add(message: MessageEvent): void {
    this.places.set(message.id, { conversation: message.conversation, sequence: message.sequence });
    if (this.places.size > LIMIT) this.places.delete(this.places.keys().next().value!);
  }

  /** Where a message is, if it is known here. */
  get(id: string): MessagePlace | undefined {
    return this.places.get(id);
  }

  /** The id of a message of which the place is known. */
  idAt(conversation: string, sequence: number): string | undefined {
    for (const [id, place] of this.places) if (place.conversation === conversation && place.sequence === sequence) return id;
    return undefined;
  }

  /** Apps keep ids over reloads. So an id that is not known here is looked for among the newest messages. */
  async find(client: ChatClient, peer: string, id: string): Promise<MessagePlace> {
    const known = this.places.get(id);
    if (known) return known;
    const page = await client.messages({ with: peer, size: 200 });
    for (const message of page.messages) this.add(message);
    const place = this.places.get(id);
    if (!place) throw new ChatError(404, "message_not_found", "There is no such message.");
    return place;
  }

  clear(): void {
    this.places.clear();
  }
}
