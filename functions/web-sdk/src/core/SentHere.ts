import type { Place } from "../api/wire/messages.js";
import type { ChatError } from "../base/ChatError.js";
import type { Emitter } from "../base/Emitter.js";
import type { AcceptedMessage, ChatEvents, OutgoingMessage } from "./ChatEvents.js";

interface Outcome {
  promise: Promise<AcceptedMessage>;
  resolve(message: AcceptedMessage): void;
  reject(error: ChatError): void;
}

/** So many own messages are recognised when they come back: more than the outbox holds. */
const MAX_KNOWN = 20_000;

/** The messages that this client has sent. It recognises them when they come back, and tells what became of each. */
export class SentHere {
  private readonly ids = new Set<string>();
  private readonly outcomes = new Map<string, Outcome>();
  private readonly places = new Map<string, Place>();

  constructor(private readonly events: Emitter<ChatEvents>) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  remember(id: string): void {
    this.ids.add(id);
    if (this.ids.size > MAX_KNOWN) this.ids.delete(this.ids.values().next().value!);
  }

  /** Where a message is that the server has accepted from this client. */
  placeOf(id: string): Place | undefined {
    return this.places.get(id);
  }

  /** A message that is on its way. @returns what becomes of it. */
  expect(id: string): Promise<AcceptedMessage> {
    this.remember(id);
    const known = this.outcomes.get(id);
    if (known) return known.promise;
    let settle!: Pick<Outcome, "resolve" | "reject">;
    const promise = new Promise<AcceptedMessage>((resolve, reject) => (settle = { resolve, reject }));
    // Apps that ignore the promise must not see an "unhandled rejection".
    promise.catch(() => {});
    this.outcomes.set(id, { promise, ...settle });
    return promise;
  }

  accepted(message: AcceptedMessage): void {
    this.outcomes.get(message.id)?.resolve(message);
    this.outcomes.delete(message.id);
    this.places.set(message.id, { conversation: message.conversation, sequence: message.sequence });
    if (this.places.size > MAX_KNOWN) this.places.delete(this.places.keys().next().value!);
    this.events.emit("sent", message);
  }

  refused(message: OutgoingMessage, error: ChatError): void {
    this.outcomes.get(message.id)?.reject(error);
    this.outcomes.delete(message.id);
    this.events.emit("failed", { message, error });
  }
}
