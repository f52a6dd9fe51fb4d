import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api";

/** What the server says is shown at once when a page is opened again, and asked for anew behind it. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 0,
      gcTime: 5 * 60_000,
      // A refusal stays a refusal. What a network or a busy server fails is tried twice more.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      retryDelay: attempt => 500 * 2 ** attempt,
      // Without a network the page says so, instead of waiting for one.
      networkMode: "always",
      // People fill in forms here: what they look at must not change because they have looked elsewhere.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
  },
});
