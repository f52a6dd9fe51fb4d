// The shapes of /api/v1/ (docs/api.md): sessions, and what every refusal looks like. Times are Unix milliseconds of the server's clock.

export interface SessionResponse {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  loginId: string;
  realtimeUser: string;
  serverTime: number;
  /** The path on the server with which the addresses of files begin. */
  mediaPath?: string;
  /** Seconds until the session ends with the token that it began with. Absent after a log-in with a password. */
  sessionExpiresIn?: number;
}

export interface Problem {
  code?: string;
  detail?: string;
  title?: string;
  retryable?: boolean;
}
