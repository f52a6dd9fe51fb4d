/** Runs work one at a time, so that no answer overtakes another. A call during a run is answered by a new run that begins after it. */
export function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const run = (): Promise<T> => {
    if (!running) return (running = work().finally(() => (running = undefined)));
    return (next ??= running.catch(() => {}).then(() => {
      next = undefined;
      return run();
    }));
  };
  return run;
}
