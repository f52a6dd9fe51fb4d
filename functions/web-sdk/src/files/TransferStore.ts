/** A file on its way, as it is written down: with its bytes, so that a page that is loaded anew can go on. */
export interface TransferRecord {
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
}

const NAME = "vox.uploads";
const TABLE = "transfers";

/** IndexedDB, where there is one: it keeps files of any size on the disk. Without it, or without room, transfers end with their page. */
export class TransferStore {
  private opening?: Promise<IDBDatabase | undefined>;

  async save(record: TransferRecord): Promise<boolean> {
    return (await this.run("readwrite", (table) => table.put(record))) !== undefined;
  }

  async remove(id: string): Promise<void> {
    await this.run("readwrite", (table) => table.delete(id));
  }

  async list(scope: string): Promise<TransferRecord[]> {
    const all = (await this.run("readonly", (table) => table.getAll() as IDBRequest<TransferRecord[]>)) ?? [];
    return all.filter((record) => record.scope === scope).sort((a, b) => a.clientTime - b.clientTime || a.clientSequence - b.clientSequence);
  }

  private async run<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
    try {
      const database = await (this.opening ??= open());
      if (!database) return undefined;
      return await new Promise<T>((resolve, reject) => {
        const transaction = database.transaction(TABLE, mode);
        const request = work(transaction.objectStore(TABLE));
        // Written is what the transaction says is written.
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was aborted."));
      });
    } catch {
      return undefined;
    }
  }
}

function open(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(undefined);
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(undefined);
  });
}
