/** The server has refused a request, or could not do it. */
export class VoxApiError extends Error {
  override readonly name = "VoxApiError";

  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** The error's code, such as `user_not_found`: see the documentation of the API. */
    readonly code: string,
    message: string,
    /** Which field is wrong, or which scope is missing. */
    readonly field: string | undefined,
    /** Whether the same request may succeed later. */
    readonly retryable: boolean,
  ) {
    super(message);
  }
}
