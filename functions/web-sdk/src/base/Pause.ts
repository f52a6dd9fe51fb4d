/** A wait that can be cut short: the network came back, the page became visible, the user logged out. */
export class Pause {
  private readonly wakers = new Set<() => void>();

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.wakers.add(wake);
    });
  }

  end(): void {
    for (const wake of [...this.wakers]) wake();
  }
}
