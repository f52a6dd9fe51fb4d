/** Where the outbox keeps its messages. */
export interface TextStore {
  get(key: string): string | null;
  /** @returns false when there is no room. */
  set(key: string, text: string): boolean;
  remove(key: string): void;
  keys(): string[];
  /**
   * Tells which keys other pages write. Only stores that pages share have it.
   * @returns a function that ends it.
   */
  watch?(written: (key: string) => void): () => void;
}

/** Survives reloads and crashes; synchronous, so a message is safe when `send` returns. Browsers give an origin about 5 MB. */
class LocalTextStore implements TextStore {
  get(key: string): string | null {
    return localStorage.getItem(key);
  }

  set(key: string, text: string): boolean {
    try {
      localStorage.setItem(key, text);
      return true;
    } catch {
      return false;
    }
  }

  remove(key: string): void {
    localStorage.removeItem(key);
  }

  keys(): string[] {
    return Object.keys(localStorage);
  }

  watch(written: (key: string) => void): () => void {
    const listener = (event: StorageEvent): void => {
      if (event.key !== null && event.newValue !== null) written(event.key);
    };
    addEventListener("storage", listener);
    return () => removeEventListener("storage", listener);
  }
}

/** For Node, and for pages that may not store anything. */
export class MemoryTextStore implements TextStore {
  private readonly texts = new Map<string, string>();

  get(key: string): string | null {
    return this.texts.get(key) ?? null;
  }

  set(key: string, text: string): boolean {
    this.texts.set(key, text);
    return true;
  }

  remove(key: string): void {
    this.texts.delete(key);
  }

  keys(): string[] {
    return [...this.texts.keys()];
  }
}

export function defaultTextStore(): TextStore {
  try {
    // Throws in sandboxed frames and where the user forbids storage.
    if (typeof window !== "undefined" && typeof localStorage !== "undefined") {
      localStorage.getItem("vox");
      return new LocalTextStore();
    }
  } catch {
    // Then the memory has to do.
  }
  return new MemoryTextStore();
}
