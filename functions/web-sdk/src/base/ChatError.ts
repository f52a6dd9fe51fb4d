/** Why a call failed. `code` is a number that fits the callback API: an HTTP status, or the status that describes a failure on the way. */
export class ChatError extends Error {
  /**
   * @param code HTTP status; 408 when there was no answer in time, 503 when the server could not be reached.
   * @param reason Stable word for programs, from the server's catalogue or `timeout`, `network`, `logged_out`.
   * @param retryable Whether the same call may succeed later.
   * @param retryAfter Milliseconds that the server asked to wait.
   */
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly retryable = false,
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "ChatError";
  }

  static of(error: unknown): ChatError {
    return error instanceof ChatError ? error : new ChatError(500, "internal", error instanceof Error ? error.message : String(error));
  }

  static loggedOut(): ChatError {
    return new ChatError(401, "logged_out", "Nobody is logged in.");
  }
}
