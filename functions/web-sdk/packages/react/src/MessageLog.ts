import { ChatError, MessageType, type ChatClient, type Conversation, type MessageEvent, type MessageExtras, type OutgoingMessage, type Quote } from "@voxfunctions/chat";

/** Messages of a page. */
const PAGE = 40;

export type MessageStatus = "sending" | "failed" | "sent" | "delivered" | "read";

/** A message as it is shown. */
export interface MessageView {
  /** Chosen by the client that sent it: the same before and after the server has it. */
  id: string;
  /** Its place in the conversation; absent until the server has it. */
  sequence?: number;
  from: string;
  mine: boolean;
  type: MessageType;
  /** The text, or the key of a file: `client.mediaUrl(data)`. */
  data: string;
  /** Unix milliseconds of the server's clock. */
  sentAt: number;
  /** How far an own message is. Of others: "sent". */
  status: MessageStatus;
  /** Why it failed. */
  error?: ChatError;
  /** A file on its way: bytes. */
  progress?: { loaded: number; total: number };
  replyTo?: Quote;
  edited: boolean;
  /** Deleted for everyone, or erased: `data` is "". */
  deleted: boolean;
  /** Written by somebody whom this user has blocked. */
  hidden: boolean;
  /** Everything that the server says; absent until the server has it. */
  event?: MessageEvent;
}

export interface MessagesSnapshot {
  /** Oldest first. Those that the server does not have yet are at the end. */
  messages: readonly MessageView[];
  /** There are older messages: `loadMore()`. */
  hasMore: boolean;
  isLoading: boolean;
  /** Why the last page could not be loaded. */
  error?: ChatError;
}

interface Waiting {
  message: OutgoingMessage;
  /** For sending it once more. */
  again?: () => void;
  replyTo?: Quote;
  error?: ChatError;
  progress?: { loaded: number; total: number };
}

export type SendExtras = MessageExtras & { type?: MessageType; replyTo?: number };

/** The messages of one conversation, from the newest page that was loaded on. */
export class MessageLog {
  private readonly bySequence = new Map<number, MessageEvent>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly hiddenSequences = new Set<number>();
  private first?: number;
  private hasMore = true;
  private isLoading = false;
  private error?: ChatError;
  private generation = 0;
  private snapshot?: MessagesSnapshot;

  constructor(
    private readonly client: ChatClient,
    readonly peer: string,
    private readonly changed: () => void,
  ) {}

  get conversation(): Conversation | undefined {
    return this.client.conversations.find((conversation) => conversation.peer === this.peer);
  }

  /** The sequence of the newest message that somebody else wrote; 0 when none is loaded. */
  get lastOfOthers(): number {
    let last = 0;
    for (const { from, sequence } of this.bySequence.values()) if (from !== this.client.loginId && sequence > last) last = sequence;
    return last;
  }

  /** Something is not sent yet, or was refused and is still shown. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  get isOpen(): boolean {
    return this.first !== undefined;
  }

  get current(): MessagesSnapshot {
    return (this.snapshot ??= this.make());
  }

  /** Loads the newest page, once. */
  open(): void {
    if (!this.isOpen && !this.isLoading && this.client.loginId) void this.loadMore();
  }

  async loadMore(): Promise<void> {
    if (this.isLoading || !this.hasMore) return;
    const { generation } = this;
    this.isLoading = true;
    this.error = undefined;
    this.touch();
    try {
      const page = await this.client.messages({ with: this.peer, before: this.first, size: PAGE });
      if (generation !== this.generation) return;
      for (const message of page.messages) this.take(message);
      for (const sequence of page.hiddenSequences ?? []) this.hiddenSequences.add(sequence);
      const oldest = Math.min(...page.messages.map((message) => message.sequence), ...(page.hiddenSequences ?? []), this.first ?? Infinity);
      this.first = Number.isFinite(oldest) ? oldest : page.lastSequence + 1;
      this.hasMore = this.first > (page.firstSequence ?? 1) && page.messages.length + (page.hiddenSequences?.length ?? 0) > 0;
    } catch (error) {
      if (generation !== this.generation) return;
      this.error = ChatError.of(error);
    } finally {
      if (generation === this.generation) {
        this.isLoading = false;
        this.touch();
        this.fill();
      }
    }
  }

  /** Nothing of what was loaded is to be seen: older messages may be. */
  private fill(): void {
    if (this.isOpen && this.hasMore && !this.error && this.current.messages.length === 0) void this.loadMore();
  }

  /** What was loaded is out of date. */
  reset(): void {
    this.generation++;
    this.bySequence.clear();
    this.hiddenSequences.clear();
    this.first = undefined;
    this.hasMore = true;
    this.isLoading = false;
    this.error = undefined;
    this.touch();
  }

  /** @param id That of a message which is sent once more. The server never takes it twice. */
  send(data: string, extras: SendExtras = {}, id?: string): void {
    const { accepted, ...message } = this.client.send({ to: this.peer, data, id, ...extras });
    accepted.catch(() => {});
    const answered = extras.replyTo === undefined ? undefined : this.bySequence.get(extras.replyTo);
    const replyTo = answered && { sequence: answered.sequence, from: answered.from, type: answered.type, data: answered.data.slice(0, 200) };
    this.waiting.set(message.id, { message, replyTo, again: () => this.send(data, extras, message.id) });
    this.touch();
  }

  sendFile(file: Blob, name?: string): void {
    const { accepted, ...message } = this.client.sendFile({ to: this.peer, file, name });
    accepted.catch(() => {});
    this.waiting.set(message.id, { message, again: () => this.sendFile(file, name), progress: { loaded: 0, total: file.size } });
    this.touch();
  }

  /** Sends a failed message once more. */
  retry(id: string): void {
    const failed = this.waiting.get(id);
    if (!failed?.error || !failed.again) return;
    // It may refuse at once. A text keeps its id, so it has its place again.
    failed.again();
    if (this.waiting.get(id) === failed) {
      this.waiting.delete(id);
      this.touch();
    }
  }

  /** Takes a failed message off the screen, or gives up a file that is on its way. */
  dismiss(id: string): void {
    const waiting = this.waiting.get(id);
    if (!waiting || (!waiting.error && !this.client.cancelFile(id))) return;
    this.waiting.delete(id);
    this.touch();
  }

  /** A message came, live or because it was missed. */
  came(message: MessageEvent): void {
    this.waiting.delete(message.id);
    if (this.isOpen || this.isLoading) this.take(message);
    this.touch();
  }

  became(message: MessageEvent): void {
    if (this.bySequence.has(message.sequence)) this.take(message);
    this.touch();
  }

  failed(message: OutgoingMessage, error: ChatError): void {
    const waiting = this.waiting.get(message.id);
    if (error.reason === "cancelled") this.waiting.delete(message.id);
    else this.waiting.set(message.id, { ...(waiting ?? { message }), error, progress: undefined });
    this.touch();
  }

  progress(message: OutgoingMessage, loaded: number, total: number): void {
    this.waiting.set(message.id, { ...(this.waiting.get(message.id) ?? { message }), progress: { loaded, total } });
    this.touch();
  }

  /** The user has deleted messages for themself. */
  hide(sequences: readonly number[], clearedThrough = 0): void {
    for (const sequence of sequences) this.hiddenSequences.add(sequence);
    for (const sequence of this.bySequence.keys()) if (sequence <= clearedThrough) this.hiddenSequences.add(sequence);
    this.touch();
    this.fill();
  }

  /** The server has lost what is after this message. */
  cut(lastSequence: number): void {
    for (const sequence of this.bySequence.keys()) if (sequence > lastSequence) this.bySequence.delete(sequence);
    for (const sequence of this.hiddenSequences) if (sequence > lastSequence) this.hiddenSequences.delete(sequence);
    this.touch();
    this.fill();
  }

  touch(): void {
    this.snapshot = undefined;
    this.changed();
  }

  private take(message: MessageEvent): void {
    const known = this.bySequence.get(message.sequence);
    if (!known || (message.change ?? 0) >= (known.change ?? 0)) this.bySequence.set(message.sequence, message);
    this.waiting.delete(message.id);
  }

  private make(): MessagesSnapshot {
    const other = this.conversation?.group ? undefined : this.conversation?.other;
    const stored = [...this.bySequence.values()].filter((message) => !this.hiddenSequences.has(message.sequence))
      .sort((a, b) => a.sequence - b.sequence).map((event) => this.view(event, other));
    const waiting = [...this.waiting.values()].map(({ message, error, progress, replyTo }): MessageView => ({
      id: message.id, from: this.client.loginId ?? "", mine: true, type: message.type, data: message.data, sentAt: message.sentTime,
      status: error ? "failed" : "sending", error, progress, replyTo, edited: false, deleted: false, hidden: false,
    }));
    return { messages: [...stored, ...waiting], hasMore: this.hasMore, isLoading: this.isLoading, error: this.error };
  }

  private view(event: MessageEvent, other: { delivered: number; read: number } | undefined): MessageView {
    const mine = event.from === this.client.loginId;
    const status = !mine || !other ? "sent" : event.sequence <= other.read ? "read" : event.sequence <= other.delivered ? "delivered" : "sent";
    return {
      id: event.id, sequence: event.sequence, from: event.from, mine, type: event.type, data: event.data, sentAt: event.sentAt, status,
      replyTo: event.replyTo, edited: event.editedAt !== undefined, deleted: event.deletedAt !== undefined || event.erased === true,
      hidden: !mine && this.client.contacts.isBlocked(event.from), event,
    };
  }
}
