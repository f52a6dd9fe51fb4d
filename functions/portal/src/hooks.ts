import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { get, messageOf } from "./api";

interface LoadOptions<T> {
  /** How it is loaded, if not with a plain GET of the path. */
  load?: () => Promise<T>;
  /** For what fills a form: an answer from before is not shown, because the form would keep it. */
  fresh?: boolean;
}

/**
 * Loads something of the portal's API. Pages that ask for the same address share the answer.
 * @param path The address below the API's, with its query. The answer of another one is shown until this one's is there.
 */
export function useLoad<T>(path: string, { load = () => get<T>(path), fresh = false }: LoadOptions<T> = {}) {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [path], queryFn: load, placeholderData: keepPreviousData, ...(fresh ? { gcTime: 0 } : {}),
  });
  const reload = useCallback(async () => { await refetch({ cancelRefetch: true }); }, [refetch]);
  return { data, error: error ? messageOf(error) : undefined, loading: isFetching, reload };
}

/** Loads again every five seconds while the page is seen. */
export function useLive(on: boolean, reload: () => Promise<void>) {
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => { if (!document.hidden) void reload(); }, 5_000);
    return () => clearInterval(timer);
  }, [on, reload]);
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
