import { ChatError } from "../base/ChatError.js";

/** The phrases of the original, with its misspellings. Codes that the original does not have get plain ones. */
const PHRASES: Record<number, string> = {
  200: "OK",
  202: "Created",
  204: "No Content",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbiddon",
  404: "Not Found",
  408: "Request Timeout",
  409: "NotAllowed",
  413: "Too Large",
  429: "Too Many Requests",
  499: "User Attached",
  500: "Internal Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  703: "Limit exceeded",
};

export function phraseOf(code: number): string {
  return PHRASES[code] ?? PHRASES[500]!;
}

export function codeOf(error: unknown): number {
  return ChatError.of(error).code;
}

export const NOT_LOGGED_IN = ["400", "User not logged in!"] as const;
export const NOT_IMPLEMENTED = 501;
