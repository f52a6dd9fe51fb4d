/** Milliseconds for which a typing signal counts. */
const LASTING = 3_500;

/** Who is typing where just now: to the user, or in a group. */
export class Typists {
  private readonly now = new Map<string, { by: string; timer: ReturnType<typeof setTimeout> }>();

  constructor(private readonly onChange: () => void) {}

  in(peer: string): string | undefined {
    return this.now.get(peer)?.by;
  }

  note(by: string, peer: string): void {
    clearTimeout(this.now.get(peer)?.timer);
    this.now.set(peer, { by, timer: setTimeout(() => this.stop(peer), LASTING) });
    this.onChange();
  }

  stop(peer: string): void {
    clearTimeout(this.now.get(peer)?.timer);
    this.now.delete(peer);
    this.onChange();
  }
}
