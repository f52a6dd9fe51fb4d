import { csrfHeader } from "../api";
import type { Auth, Operation } from "./openapi";

/** Who calls. It is filled in on the page and kept nowhere else. */
export interface Credentials { authToken: string; accessToken: string; apiKey: string; user: string; password: string }

export interface Values { parameters: Record<string, string>; form: Record<string, string>; body: string }

interface Request { url: string; headers: Record<string, string>; body?: string }

/** What the shown command has in place of each kind of secret. The portal's own is a cookie, which is never shown. */
const shown: Record<Auth, string> = { none: "", keys: "", user: "ACCESS_TOKEN", server: "API_KEY", portal: "" };

function build(operation: Operation, values: Values, bearer: string): Request {
  const query = new URLSearchParams();
  let path = operation.path;
  const headers: Record<string, string> = operation.auth === "user" || operation.auth === "server" ? { Authorization: `Bearer ${bearer}` } : {};
  for (const { name, in: place } of operation.parameters) {
    const value = values.parameters[name] ?? "";
    // An empty part would make it another path.
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value || `{${name}}`));
    else if (place === "header") Object.assign(headers, value ? { [name]: value } : {});
    else if (value) query.set(name, value);
  }
  const url = path + (query.size ? `?${query}` : "");
  if (operation.form) {
    const fields = Object.entries(values.form).filter(([, value]) => value);
    return { url, headers: { ...headers, "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(fields).toString() };
  }
  return operation.body ? { url, headers: { ...headers, "Content-Type": "application/json" }, body: values.body } : { url, headers };
}

/** Quotes of a shell: whatever is between single ones stays as it is. */
export const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The same call as a command for a terminal, with placeholders for secrets. */
export function curlOf(operation: Operation, values: Values): string {
  const safe = (all: Record<string, string>) => ("authtoken" in all || operation.auth === "keys" ? { ...all, authtoken: "AUTH_TOKEN" } : all);
  const uses = (list?: { name: string }[]) => list?.some(p => p.name === "authtoken");
  const request = build(operation, {
    parameters: uses(operation.parameters) ? safe(values.parameters) : values.parameters, form: uses(operation.form) ? safe(values.form) : values.form, body: values.body,
  }, shown[operation.auth]);
  return [
    `curl -X ${operation.method} ${quoted(location.origin + request.url)}`,
    ...Object.entries(request.headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(request.body === undefined ? [] : [`-d ${quoted(request.body)}`]),
  ].join(" \\\n  ");
}

export interface Answer { status: number; statusText: string; milliseconds: number; type: string; text: string }

const MAX_SHOWN = 100_000;

/** @throws TypeError when the server cannot be reached. */
export async function send(operation: Operation, values: Values, credentials: Credentials): Promise<Answer> {
  const { url, headers, body } = build(operation, values, operation.auth === "server" ? credentials.apiKey : credentials.accessToken);
  const begun = performance.now();
  const response = await fetch(url, {
    method: operation.method, body, headers: { ...headers, ...(operation.auth === "portal" ? csrfHeader() : {}) },
    credentials: operation.auth === "portal" ? "same-origin" : "omit",
  });
  const type = response.headers.get("Content-Type") ?? "";
  const bytes = await response.arrayBuffer();
  let text = /json|text|csv/.test(type) ? new TextDecoder().decode(bytes) : bytes.byteLength ? `${bytes.byteLength.toLocaleString()} bytes` : "";
  if (type.includes("json")) {
    try {
      text = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // Not JSON after all: it is shown as it is.
    }
  }
  return {
    status: response.status, statusText: response.statusText, milliseconds: Math.round(performance.now() - begun), type: type.split(";")[0],
    text: text.length > MAX_SHOWN ? text.slice(0, MAX_SHOWN) + "\n…" : text,
  };
}
