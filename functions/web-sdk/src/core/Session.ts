import type { Http, TokenSource } from "../api/Http.js";
import type { SessionResponse } from "../api/wire/sessions.js";
import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { ServerClock } from "../base/ServerClock.js";
import { defaultTextStore } from "../base/TextStore.js";
import type { TokenLogIn, TokenProvider } from "./ClientOptions.js";
import { deviceKey } from "./deviceKey.js";
import { tokenFrom } from "./tokenFrom.js";

/** A token is renewed when this part of its life is over. */
const RENEW_AT = 0.75;
/** A token with less time left than this is not used: it must still be valid when it reaches the server. Milliseconds. */
const MARGIN = 5_000;
/** A new token is asked for when the session has less time left than the access token has lives. */
const TOKEN_AHEAD = 1.5;

/**
 * Who is logged in, and the tokens that prove it. Access tokens are renewed before they expire and when the server refuses one; callers that
 * come meanwhile wait for the same renewal, because a refresh token used twice would end the session.
 */
export class Session implements TokenSource {
  private current?: SessionResponse & { obtained: number };
  private renewing?: Promise<void>;
  private projectId = "";
  private device?: string;
  private provider?: TokenProvider;
  private timer?: ReturnType<typeof setTimeout>;
  private readonly backoff = new Backoff(1_000, 30_000);

  readonly clock: ServerClock;
  /** The server has ended the session: only a new log-in helps. */
  onEnded: (error: ChatError) => void = () => {};
  onRenewed: () => void = () => {};

  private readonly deviceKey = deviceKey(defaultTextStore());

  constructor(private readonly http: Http, clock = new ServerClock()) {
    this.clock = clock;
  }

  get loginId(): string | undefined {
    return this.current?.loginId;
  }

  get realtimeUser(): string {
    return this.current?.realtimeUser ?? "";
  }

  /** `/media/…/…/` of the user's project. */
  get mediaPath(): string {
    return this.current?.mediaPath ?? "/media/";
  }

  get refreshToken(): string | undefined {
    return this.current?.refreshToken;
  }

  async logIn(projectId: string, loginId: string, password: string, device?: string): Promise<void> {
    const session = await this.begin({ projectId, loginId, password, device });
    this.provider = undefined;
    this.take(session);
  }

  /** With a token of the customer's own server. */
  async logInWithToken(projectId: string, { token, loginId, tokenProvider }: TokenLogIn, device?: string): Promise<void> {
    const first = token || (tokenProvider && await tokenFrom(tokenProvider));
    if (!first) throw new ChatError(400, "missing_field", "A log-in needs a token or a tokenProvider.", false);
    const session = await this.begin({ projectId, loginId: loginId || undefined, token: first, device });
    this.projectId = projectId;
    this.device = device;
    this.provider = tokenProvider;
    this.take(session);
  }

  /** Creates a user, where the project lets pages do that. It logs nobody in. */
  async signUp(projectId: string, loginId: string, password: string): Promise<void> {
    await this.http.call("POST", "users", { body: { projectId, loginId, password }, anonymous: true, deadline: 15_000 });
  }

  async resume(refreshToken: string): Promise<void> {
    this.take(await this.refresh(refreshToken));
  }

  async accessToken(refused?: string): Promise<string> {
    if (!this.current) throw ChatError.loggedOut();
    const left = this.current.obtained + this.current.expiresIn * 1_000 - Date.now();
    if (refused === this.current.accessToken || left < MARGIN) await this.renew();
    if (!this.current) throw ChatError.loggedOut();
    return this.current.accessToken;
  }

  /** Forgets everything. @returns the access token, so that the server can be told. */
  end(): string | undefined {
    clearTimeout(this.timer);
    const token = this.current?.accessToken;
    this.current = undefined;
    return token;
  }

  private renew(): Promise<void> {
    this.renewing ??= this.renewNow().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async renewNow(): Promise<void> {
    const before = this.current;
    if (!before) throw ChatError.loggedOut();
    try {
      const renewed = await this.goOn(before);
      // The user has logged out meanwhile, or somebody else has logged in.
      if (this.current !== before) return;
      this.take(renewed);
      this.onRenewed();
    } catch (error) {
      const failure = ChatError.of(error);
      if (this.current === before && !failure.retryable) {
        this.end();
        this.onEnded(failure);
      }
      throw failure;
    }
  }

  private async goOn(session: SessionResponse & { obtained: number }): Promise<SessionResponse> {
    const { provider } = this;
    const ends = session.sessionExpiresIn === undefined ? Infinity : session.obtained + session.sessionExpiresIn * 1_000;
    const isNear = ends - Date.now() < session.expiresIn * 1_000 * TOKEN_AHEAD;
    const token = provider && isNear ? await tokenFrom(provider) : undefined;
    try {
      return await this.refresh(session.refreshToken, token);
    } catch (error) {
      const failure = ChatError.of(error);
      // The user does not want to be logged in anywhere, and a token must not undo that.
      if (!provider || failure.retryable || failure.reason === "logged_out_everywhere") throw failure;
      const { projectId, device } = this;
      return this.begin({ projectId, loginId: session.loginId, token: await tokenFrom(provider), device });
    }
  }

  private begin(who: Record<string, string | undefined>): Promise<SessionResponse> {
    return this.http.call<SessionResponse>("POST", "sessions", { body: { ...who, deviceKey: this.deviceKey }, anonymous: true, deadline: 15_000 });
  }

  private refresh(refreshToken: string, token?: string): Promise<SessionResponse> {
    return this.http.call<SessionResponse>("POST", "sessions/refresh", {
      body: { refreshToken, deviceKey: this.deviceKey, token },
      anonymous: true,
    });
  }

  private take(session: SessionResponse): void {
    this.current = { ...session, obtained: Date.now() };
    this.clock.set(session.serverTime);
    this.backoff.reset();
    this.schedule(session.expiresIn * 1_000 * RENEW_AT);
  }

  private schedule(milliseconds: number): void {
    clearTimeout(this.timer);
    // A timer of more than 2^31 ms would fire at once.
    this.timer = setTimeout(() => {
      this.renew().catch(() => {
        if (this.current) this.schedule(this.backoff.next());
      });
    }, Math.min(milliseconds, 2 ** 31 - 1));
  }
}
