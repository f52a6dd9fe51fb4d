import type { Api } from "../api/Api.js";

/**
 * Whom the user has blocked. The server keeps blocked users from writing to the user alone. What they write in common groups reaches everybody
 * there, so it is this list that hides it.
 */
export class BlockList {
  private ids = new Set<string>();
  private loading?: Promise<void>;
  /** Changes made here while the list was on its way are newer than the list. */
  private readonly changed = new Map<string, boolean>();

  constructor(private readonly api: Pick<Api, "blocks">) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Asks once for each connection: the user may have blocked somebody on another device. A failure leaves what is known. */
  load(): Promise<void> {
    this.loading ??= this.fetch();
    return this.loading;
  }

  /** The connection is a new one. */
  forgetLoading(): void {
    this.loading = undefined;
  }

  note(id: string, blocked: boolean): void {
    this.changed.set(id, blocked);
    this.apply(id, blocked);
  }

  private async fetch(): Promise<void> {
    this.changed.clear();
    try {
      this.ids = new Set(await this.api.blocks());
      for (const [id, blocked] of this.changed) this.apply(id, blocked);
    } catch {
      this.loading = undefined;
    }
  }

  private apply(id: string, blocked: boolean): void {
    if (blocked) this.ids.add(id);
    else this.ids.delete(id);
  }
}
