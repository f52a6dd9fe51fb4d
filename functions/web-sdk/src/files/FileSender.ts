import type { Api } from "../core/Api.js";
import { Backoff } from "../core/Backoff.js";
import { ChatError } from "../core/ChatError.js";
import type { CompletedUpload } from "../core/wire.js";
import { BlockUpload } from "./BlockUpload.js";
import { newKey } from "./fileKey.js";
import { TransferStore, type TransferRecord } from "./TransferStore.js";
import { videoFrame } from "./videoFrame.js";

const VIDEO = 5;
/** Files at a time; the others wait. */
const PARALLEL = 2;

export interface FileSenderEvents {
  progress(transfer: TransferRecord, loaded: number): void;
  accepted(transfer: TransferRecord, file: CompletedUpload): void;
  refused(transfer: TransferRecord, error: ChatError): void;
  /** No room to write it down: it is sent, but would not survive a reload. */
  full(): void;
}

/** Sends files, over lost networks and page reloads: the storage gets the bytes, the server is told, once all are there. */
export class FileSender {
  private readonly waiting: TransferRecord[] = [];
  private readonly active = new Map<string, AbortController>();
  private readonly cancelled = new Set<string>();
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

  /** Takes over what earlier pages have left; not what another page that is open is sending. */
  async start(): Promise<void> {
    for (const record of await this.store.list(this.scope)) {
      if (!this.released.signal.aborted && !this.knows(record.id)) this.enqueue(record);
    }
  }

  add(transfer: Omit<TransferRecord, "scope">): void {
    const record = { ...transfer, scope: this.scope };
    this.enqueue(record);
    void this.save(record);
  }

  /** The receiver hears nothing of it, and the server forgets what has arrived. @returns false when it is too late. */
  cancel(id: string): boolean {
    if (!this.knows(id)) return false;
    this.cancelled.add(id);
    this.active.get(id)?.abort();
    const index = this.waiting.findIndex((record) => record.id === id);
    if (index >= 0) this.finish(this.waiting.splice(index, 1)[0]!, cancelledError());
    return true;
  }

  /** Log-out: what is not sent is given up. */
  clear(error: ChatError): void {
    for (const record of this.waiting.splice(0)) this.finish(record, error);
    for (const id of this.active.keys()) this.cancelled.add(id);
    this.released.abort();
    for (const controller of this.active.values()) controller.abort();
  }

  /** A picture of a user or group. @returns its key. */
  async photo(file: Blob, name: string): Promise<string> {
    const key = newKey(name);
    const id = await this.upload(file, { name, size: file.size, contentType: file.type, kind: "photo", key }, this.released.signal);
    return (await this.api.completeUpload(id, { type: 4 })).key;
  }

  private knows(id: string): boolean {
    return this.active.has(id) || this.waiting.some((record) => record.id === id);
  }

  private enqueue(record: TransferRecord): void {
    this.waiting.push(record);
    this.pump();
  }

  private pump(): void {
    while (this.active.size < PARALLEL && this.waiting.length > 0) {
      const record = this.waiting.shift()!;
      const controller = new AbortController();
      this.active.set(record.id, controller);
      void this.alone(record.id, () => this.send(record, controller)).finally(() => {
        this.active.delete(record.id);
        this.cancelled.delete(record.id);
        this.pump();
      });
    }
  }

  /** One page at a time sends a file; if it is closed, the next one goes on. */
  private async alone(id: string, work: () => Promise<void>): Promise<void> {
    const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
    if (!locks) return work();
    await locks.request(`vox.upload|${this.scope}|${id}`, { signal: this.active.get(id)!.signal }, work).catch(() => {});
  }

  private async send(record: TransferRecord, controller: AbortController): Promise<void> {
    const backoff = new Backoff(1_000, 30_000);
    for (;;) {
      try {
        const file = await this.attempt(record, controller.signal);
        await this.store.remove(record.id);
        this.events.accepted(record, file);
        return;
      } catch (error) {
        const isCancelled = this.cancelled.has(record.id);
        const failure = isCancelled ? cancelledError() : ChatError.of(error);
        // A session that has ended is begun anew by the next log-in; a logout cancels.
        if (isCancelled || !(failure.retryable || failure.code === 401)) {
          if (isCancelled && record.uploadId) void this.api.cancelUpload(record.uploadId).catch(() => {});
          if (isCancelled && record.thumbnailId) void this.api.cancelUpload(record.thumbnailId).catch(() => {});
          this.finish(record, failure);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, failure.retryAfter ?? backoff.next()));
      }
    }
  }

  private async attempt(record: TransferRecord, signal: AbortSignal): Promise<CompletedUpload> {
    const frame = record.type === VIDEO && !record.thumbnailId ? await videoFrame(record.file) : undefined;
    const id = await this.upload(record.file, {
      name: record.name, size: record.file.size, contentType: record.contentType || undefined, key: record.key,
    }, signal, record.uploadId, (uploadId) => {
      if (record.uploadId === uploadId) return;
      record.uploadId = uploadId;
      void this.save(record);
    }, (loaded) => this.events.progress(record, loaded));
    if (frame) {
      // Without it there is no thumbnail, which is no reason not to send.
      record.thumbnailId = await this.upload(
        frame, { name: "frame.jpg", size: frame.size, contentType: frame.type, kind: "thumbnail", key: newKey("frame.jpg") }, signal)
        .catch(() => undefined);
    }
    signal.throwIfAborted();
    return this.api.completeUpload(id, {
      to: record.to, type: record.type, clientMessageId: record.id, thumbnailUrl: record.thumbnailUrl, thumbnailUpload: record.thumbnailId,
      clientTime: record.clientTime, clientSequence: record.clientSequence,
    });
  }

  private upload(
    file: Blob, request: ConstructorParameters<typeof BlockUpload>[2], signal: AbortSignal, id?: string,
    begun: (id: string) => void = () => {}, progress: (loaded: number) => void = () => {},
  ): Promise<string> {
    return new BlockUpload(this.api, file, request, { signal, begun, progress }).run(id);
  }

  private async save(record: TransferRecord): Promise<void> {
    if (!(await this.store.save(record))) this.events.full();
    // Settled while it was written.
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
