import type { Api } from "../api/Api.js";
import type { BeginUploadRequest, UploadResponse } from "../api/wire/files.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { putBlob } from "./putBlob.js";

/** Requests to the storage at a time. */
const PARALLEL = 3;
/** An address is renewed when it has less time left than this. Milliseconds. */
const MARGIN = 60_000;

export interface UploadHooks {
  signal: AbortSignal;
  /** Bytes that have arrived, or are on the way. */
  progress(loaded: number): void;
  /** Called when the upload's id is known: whoever writes it down can resume the upload. */
  begun(id: string): void;
}

/**
 * Brings the bytes of one file to the storage, in blocks. Blocks that failed are sent again, and addresses that expire are renewed. Blocks that
 * have arrived are not sent again, neither after a lost network nor by another page that goes on with the upload.
 */
export class BlockUpload {
  private readonly loaded = new Map<number, number>();
  private upload!: UploadResponse;
  private renewing?: Promise<void>;
  private highest = 0;

  constructor(
    private readonly api: Api,
    private readonly file: Blob,
    private readonly request: BeginUploadRequest,
    private readonly hooks: UploadHooks,
  ) {}

  /**
   * @param id The id of an upload that was begun before.
   * @returns the upload's id, when all bytes are there.
   * @throws ChatError what the server refuses for good.
   */
  async run(id?: string): Promise<string> {
    if (id && !(await this.goOn(id))) return id;
    if (!this.upload) this.upload = await this.api.beginUpload(this.request);
    this.hooks.begun(this.upload.id);
    const arrived = new Set(this.upload.blocks);
    const missing: number[] = [];
    for (let block = 0; block * this.upload.blockSize < this.file.size; block++) {
      if (arrived.has(block)) this.loaded.set(block, this.slice(block).size);
      else missing.push(block);
    }
    this.report();
    const work = async (): Promise<void> => {
      for (let block = missing.shift(); block !== undefined; block = missing.shift()) await this.put(block);
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return this.upload.id;
  }

  /** @returns false when there is nothing left to upload. */
  private async goOn(id: string): Promise<boolean> {
    try {
      this.upload = await this.api.renewUpload(id);
    } catch (error) {
      const { reason } = ChatError.of(error);
      if (reason === "upload_completed") return false;
      // The server has removed the unfinished upload: everything is sent once more, under the same key.
      if (reason !== "upload_not_found") throw error;
    }
    return true;
  }

  private async put(block: number): Promise<void> {
    const backoff = new Backoff(500, 15_000);
    for (;;) {
      this.hooks.signal.throwIfAborted();
      const { url, expiresAt } = this.upload;
      try {
        // Our clock may differ from the server's. If the address has expired all the same, the storage answers 403.
        if (expiresAt - Date.now() < MARGIN) await this.renew(url);
        const address = `${this.upload.url}&comp=block&blockid=${encodeURIComponent(blockId(block))}`;
        await putBlob(address, this.slice(block), this.hooks.signal, (loaded) => {
          this.loaded.set(block, loaded);
          this.report();
        });
        this.loaded.set(block, this.slice(block).size);
        this.report();
        return;
      } catch (error) {
        this.hooks.signal.throwIfAborted();
        const failure = ChatError.of(error);
        if (!failure.retryable) throw failure;
        this.loaded.delete(block);
        this.report();
        await pause(backoff.next(), this.hooks.signal);
        if (failure.code === 403) await this.renew(url).catch((e: unknown) => rethrowFinal(e));
      }
    }
  }

  /** Renews once for all blocks whose address has expired. */
  private renew(old: string): Promise<void> {
    if (this.upload.url !== old) return Promise.resolve();
    this.renewing ??= this.api.renewUpload(this.upload.id)
      .then((renewed) => void (this.upload = renewed))
      .finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private slice(block: number): Blob {
    const size = this.upload.blockSize;
    return this.file.slice(block * size, (block + 1) * size);
  }

  private report(): void {
    let sum = 0;
    for (const bytes of this.loaded.values()) sum += bytes;
    // Nobody wants to see a bar go back because a block has to be sent again.
    this.highest = Math.max(this.highest, sum);
    this.hooks.progress(this.highest);
  }
}

export function blockId(block: number): string {
  return btoa(String(block).padStart(8, "0"));
}

function rethrowFinal(error: unknown): void {
  if (!ChatError.of(error).retryable) throw error;
}

/** Waits; but when the network comes back or the signal aborts, the wait ends at once. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", go);
      globalThis.removeEventListener?.("online", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    signal.addEventListener("abort", go);
    globalThis.addEventListener?.("online", go);
  });
}
