import type { Api } from "../api/Api.js";
import { MessageType } from "../api/MessageType.js";
import type { CompletedUpload } from "../api/wire/files.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { BlockUpload, pause } from "./BlockUpload.js";
import { newKey } from "./fileKey.js";
import { TransferStore, type TransferRecord } from "./TransferStore.js";
import { videoFrame } from "./videoFrame.js";

/** Files at a time; the others wait. */
const PARALLEL = 2;

export interface FileSenderEvents {
  progress(transfer: TransferRecord, loaded: number): void;
  accepted(transfer: TransferRecord, file: CompletedUpload): void;
  refused(transfer: TransferRecord, error: ChatError): void;
  /** There is no room to write the file down: it is sent, but would not survive a reload. */
  full(): void;
}

/** A file that is being sent. */
interface Transfer {
  readonly record: TransferRecord;
  abort: AbortController;
  cancelled?: ChatError;
  /** The server is being told that all bytes are there. Until it answers, nobody knows whether a cancellation comes too late. */
  completing: boolean;
  /** The server was told at least once, and its answer may have been lost. */
  asked: boolean;
  /** The message has come back by the live connection: it is sent, whatever becomes of the answer. */
  settled?: boolean;
}

/** Sends files, also over lost networks and page reloads. The storage gets the bytes; the server is told when all of them are there. */
export class FileSender {
  private readonly waiting: TransferRecord[] = [];
  private readonly active = new Map<string, Transfer>();
  private readonly released = new AbortController();

  constructor(
    private readonly api: Api,
    private readonly scope: string,
    private readonly events: FileSenderEvents,
    private readonly store = new TransferStore(),
  ) {}

  get size(): number {
    return this.waiting.length + this.active.size;
  }

  /** Takes over what earlier pages have left. A file that another open page is sending waits for the lock of that page. */
  async start(): Promise<void> {
    for (const record of await this.store.list(this.scope)) {
      if (!this.released.signal.aborted && !this.knows(record.id)) this.enqueue(record);
    }
  }

  add(transfer: Omit<TransferRecord, "scope">): void {
    const record = { ...transfer, scope: this.scope };
    this.enqueue(record);
    void this.write(record);
  }

  /**
   * Gives up a file. The receiver hears nothing of it, and the server forgets what has arrived.
   * @returns false when it is sent, or just being sent.
   */
  cancel(id: string): boolean {
    const index = this.waiting.findIndex((record) => record.id === id);
    if (index >= 0) this.finish(this.waiting.splice(index, 1)[0]!, cancelledError());
    const transfer = this.active.get(id);
    if (!transfer || transfer.completing || transfer.settled) return index >= 0;
    this.abort(transfer, cancelledError());
    return true;
  }

  /** Whether this client has asked the server to send it, and may still wait for the answer. */
  asked(id: string): boolean {
    return this.active.get(id)?.asked ?? false;
  }

  /** The message came back by the live connection before the answer to its call, or instead of it. */
  settle(id: string, file: CompletedUpload): void {
    const transfer = this.active.get(id);
    if (!transfer?.asked || transfer.settled) return;
    transfer.settled = true;
    // Ends a pause before the next attempt.
    transfer.abort.abort();
    void this.store.remove(id);
    this.events.accepted(transfer.record, file);
  }

  /** After a logout: what is not sent yet is given up. */
  clear(error: ChatError): void {
    this.released.abort();
    for (const record of this.waiting.splice(0)) this.finish(record, error);
    for (const transfer of this.active.values()) this.abort(transfer, error);
  }

  /** Uploads a picture of a user or a group. @returns its key. */
  async photo(file: Blob, name: string): Promise<string> {
    const key = newKey(name);
    const id = await this.upload(file, { name, size: file.size, contentType: file.type, kind: "photo", key }, this.released.signal);
    return (await this.api.completeUpload(id, { type: MessageType.Image })).key;
  }

  private knows(id: string): boolean {
    return this.active.has(id) || this.waiting.some((record) => record.id === id);
  }

  private abort(transfer: Transfer, error: ChatError): void {
    transfer.cancelled = error;
    transfer.abort.abort();
  }

  private enqueue(record: TransferRecord): void {
    this.waiting.push(record);
    this.pump();
  }

  private pump(): void {
    while (this.active.size < PARALLEL && this.waiting.length > 0) {
      const transfer: Transfer = { record: this.waiting.shift()!, abort: new AbortController(), completing: false, asked: false };
      const { id } = transfer.record;
      this.active.set(id, transfer);
      void this.alone(transfer)
        // It was cancelled while it waited for the lock. If another page of the same user has the lock, that page goes on sending.
        .catch(() => this.finish(transfer.record, transfer.cancelled ?? cancelledError()))
        .finally(() => {
          this.active.delete(id);
          this.pump();
        });
    }
  }

  /** One page at a time sends a file; if it is closed, the next one goes on. */
  private async alone(transfer: Transfer): Promise<void> {
    const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
    if (!locks) return this.send(transfer);
    await locks.request(`vox.upload|${this.scope}|${transfer.record.id}`, { signal: transfer.abort.signal }, () => this.send(transfer));
  }

  private async send(transfer: Transfer): Promise<void> {
    const { record } = transfer;
    const backoff = new Backoff(1_000, 30_000);
    for (;;) {
      try {
        const file = await this.attempt(transfer);
        if (transfer.settled) return;
        transfer.settled = true;
        this.events.accepted(record, file);
        await this.store.remove(record.id);
        return;
      } catch (error) {
        if (transfer.settled) return;
        const failure = ChatError.of(error);
        // A session that has ended is begun anew by the next log-in; a logout cancels.
        if (!transfer.cancelled && !failure.retryable && failure.code !== 401) return this.finish(record, failure);
        if (!transfer.cancelled) await pause(failure.retryAfter ?? backoff.next(), transfer.abort.signal);
        if (transfer.cancelled && (await this.giveUp(transfer))) return;
      }
    }
  }

  private async attempt(transfer: Transfer): Promise<CompletedUpload> {
    const { record, abort: { signal } } = transfer;
    const frame = record.type === MessageType.Video && !record.thumbnailId ? await videoFrame(record.file) : undefined;
    const id = await this.upload(record.file, {
      name: record.name, size: record.file.size, contentType: record.contentType || undefined, key: record.key,
    }, signal, record.uploadId, (uploadId) => {
      if (record.uploadId === uploadId) return;
      record.uploadId = uploadId;
      void this.store.update(record);
    }, (loaded) => this.events.progress(record, loaded));
    if (frame) {
      // Without the frame there is no thumbnail; the video is sent all the same.
      record.thumbnailId = await this.upload(
        frame, { name: "frame.jpg", size: frame.size, contentType: frame.type, kind: "thumbnail", key: newKey("frame.jpg") }, signal)
        .catch(() => undefined);
    }
    signal.throwIfAborted();
    transfer.completing = transfer.asked = true;
    try {
      return await this.api.completeUpload(id, {
        to: record.to, type: record.type, clientMessageId: record.id, thumbnailUrl: record.thumbnailUrl, thumbnailUpload: record.thumbnailId,
        clientTime: record.clientTime, clientSequence: record.clientSequence, reports: record.reports,
        replyTo: record.replyTo, thread: record.thread,
        mentions: record.mentions, mentionsAll: record.mentionsAll, custom: record.custom, silent: record.silent,
      });
    } finally {
      transfer.completing = false;
    }
  }

  /** @returns false when the server has sent it already, which the next attempt will learn. */
  private async giveUp(transfer: Transfer): Promise<boolean> {
    const { record, asked } = transfer;
    const cancelling = Promise.all([record.uploadId, record.thumbnailId].map((id) => id && this.api.cancelUpload(id)));
    const outcome = cancelling.then(() => "", (error) => ChatError.of(error).reason);
    // The server can only have sent the message if it was asked to.
    if (asked && !this.released.signal.aborted && (await outcome) === "upload_completed") {
      transfer.cancelled = undefined;
      transfer.abort = new AbortController();
      return false;
    }
    this.finish(record, transfer.cancelled!);
    return true;
  }

  private upload(
    file: Blob, request: ConstructorParameters<typeof BlockUpload>[2], signal: AbortSignal, id?: string,
    begun: (id: string) => void = () => {}, progress: (loaded: number) => void = () => {},
  ): Promise<string> {
    return new BlockUpload(this.api, file, request, { signal, begun, progress }).run(id);
  }

  private async write(record: TransferRecord): Promise<void> {
    if (!(await this.store.add(record))) this.events.full();
    // It was sent or refused while it was being written down.
    if (!this.knows(record.id)) await this.store.remove(record.id);
  }

  private finish(record: TransferRecord, error: ChatError): void {
    void this.store.remove(record.id);
    this.events.refused(record, error);
  }
}

function cancelledError(): ChatError {
  return new ChatError(409, "cancelled", "The file was not sent: it was cancelled.");
}
