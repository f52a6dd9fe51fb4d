import { useCallback, useEffect, useRef, useState } from "react";
import { messageOf } from "./api";

/** Loads something, and again when the keys change. When loads overlap, the last one counts. */
export function useLoad<T>(load: () => Promise<T>, keys: unknown[]) {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<string>();
  const [loading, setLoading] = useState(true);
  const turn = useRef(0);

  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setLoading(true);
    try {
      const loaded = await load();
      if (mine !== turn.current) return;
      setData(loaded);
      setError(undefined);
    } catch (e) {
      if (mine === turn.current) setError(messageOf(e));
    } finally {
      if (mine === turn.current) setLoading(false);
    }
    // eslint-disable-next-line -- `load` is a new function at every render; the keys say when it means something else.
  }, keys);

  useEffect(() => { void reload(); }, [reload]);
  return { data, error, loading, reload };
}

/** Runs one action at a time: a double click does not do it twice. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const running = useRef(false);

  const run = useCallback(async (action: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await action();
    } catch (e) {
      setError(messageOf(e));
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);

  return { busy, error, setError, run };
}
