import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import { ApiError, get, setCsrfToken, whenSignedOut, type Info, type Session } from "./api";
import { queries } from "./queries";

interface SessionState {
  /** undefined while it is being looked up, null when nobody is signed in. */
  session: Session | null | undefined;
  info: Info | undefined;
  reload: () => Promise<Session | null>;
  forget: () => void;
  /** The session ended by itself, while somebody was at work: the sign-in says so. */
  lost: boolean;
}

const Context = createContext<SessionState>(null!);

export const useSession = () => useContext(Context);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const [info, setInfo] = useState<Info>();

  const [lost, setLost] = useState(false);

  const forget = useCallback(() => {
    setCsrfToken("");
    setSession(null);
    setLost(false);
    // What was loaded belongs to whoever was signed in.
    queries.clear();
  }, []);

  const reload = useCallback(async () => {
    try {
      const found = await get<Session>("session");
      setCsrfToken(found.csrfToken);
      setSession(found);
      setLost(false);
      return found;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) console.error(error);
      forget();
      return null;
    }
  }, [forget]);

  useEffect(() => {
    whenSignedOut(() => { forget(); setLost(true); });
    void reload();
    get<Info>("info").then(setInfo, console.error);
  }, [forget, reload]);

  return <Context value={{ session, info, reload, forget, lost }}>{children}</Context>;
}
