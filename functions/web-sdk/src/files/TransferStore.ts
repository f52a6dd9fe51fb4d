import type { MessageExtras } from "../api/wire/messages.js";

/** A file on its way, as it is written down. The bytes are part of it, so that a page can go on after a reload. */
export interface TransferRecord extends MessageExtras {
  id: string;
  /** Project and user: nobody sends another one's files. */
  scope: string;
  key: string;
  to: string;
  type: number;
  file: Blob;
  name: string;
  contentType: string;
  thumbnailUrl?: string;
  uploadId?: string;
  thumbnailId?: string;
  clientTime: number;
  clientSequence: number;
  reports?: boolean;
  replyTo?: number;
  thread?: number;
}

const NAME = "vox.uploads";
const VERSION = 2;
const TRANSFERS = "transfers";
const FILES = "files";

/**
 * Keeps transfers in IndexedDB, which keeps files of any size on the disk. Without IndexedDB, or without room, transfers end with their page. The
 * bytes have a table of their own, because the browser copies a file whenever it is written.
 */
export class TransferStore {
  private opening?: Promise<IDBDatabase | undefined>;

  /** @returns false when it could not be written down. */
  async add(record: TransferRecord): Promise<boolean> {
    const { file, ...rest } = record;
    return this.run("readwrite", (transaction) => {
      transaction.objectStore(FILES).put(file, record.id);
      transaction.objectStore(TRANSFERS).put(rest);
    });
  }

  /** Writes what has changed since the record was added. Does nothing when it was removed meanwhile. */
  async update(record: TransferRecord): Promise<void> {
    const { file: _, ...rest } = record;
    await this.run("readwrite", (transaction) => {
      const known = transaction.objectStore(TRANSFERS).getKey(record.id);
      known.onsuccess = () => known.result !== undefined && transaction.objectStore(TRANSFERS).put(rest);
    });
  }

  async remove(id: string): Promise<void> {
    await this.run("readwrite", (transaction) => {
      transaction.objectStore(TRANSFERS).delete(id);
      transaction.objectStore(FILES).delete(id);
    });
  }

  async list(scope: string): Promise<TransferRecord[]> {
    const found: TransferRecord[] = [];
    await this.run("readonly", (transaction) => {
      const all = transaction.objectStore(TRANSFERS).getAll() as IDBRequest<Omit<TransferRecord, "file">[]>;
      all.onsuccess = () => {
        for (const record of all.result.filter((r) => r.scope === scope)) {
          const file = transaction.objectStore(FILES).get(record.id) as IDBRequest<Blob | undefined>;
          file.onsuccess = () => file.result && found.push({ ...record, file: file.result });
        }
      };
    });
    return found.sort((a, b) => a.clientTime - b.clientTime || a.clientSequence - b.clientSequence);
  }

  private async run(mode: IDBTransactionMode, work: (transaction: IDBTransaction) => void): Promise<boolean> {
    try {
      const database = await (this.opening ??= open());
      if (!database) return false;
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction([TRANSFERS, FILES], mode);
        // Nothing is safe before the whole transaction is complete.
        transaction.oncomplete = () => resolve();
        transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was aborted."));
        work(transaction);
      });
      return true;
    } catch {
      return false;
    }
  }
}

function open(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(undefined);
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      for (const table of [...database.objectStoreNames]) database.deleteObjectStore(table);
      database.createObjectStore(TRANSFERS, { keyPath: "id" });
      database.createObjectStore(FILES);
    };
    request.onsuccess = () => {
      // A page with a later version of the database must not wait for this page.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => resolve(undefined);
  });
}
