import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import { ApiError, get, setCsrfToken, whenSignedOut, type Info, type Session } from "./api";

interface SessionState {
  /** undefined while it is being looked up, null when nobody is signed in. */
  session: Session | null | undefined;
  info: Info | undefined;
  reload: () => Promise<Session | null>;
  forget: () => void;
}

const Context = createContext<SessionState>(null!);

export const useSession = () => useContext(Context);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const [info, setInfo] = useState<Info>();

  const forget = useCallback(() => {
    setCsrfToken("");
    setSession(null);
  }, []);

  const reload = useCallback(async () => {
    try {
      const found = await get<Session>("session");
      setCsrfToken(found.csrfToken);
      setSession(found);
      return found;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) console.error(error);
      forget();
      return null;
    }
  }, [forget]);

  useEffect(() => {
    whenSignedOut(forget);
    void reload();
    get<Info>("info").then(setInfo, console.error);
  }, [forget, reload]);

  return <Context value={{ session, info, reload, forget }}>{children}</Context>;
}
