import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Http } from "../src/api/Http.js";

const realFetch = globalThis.fetch;
let parents: string[];

beforeEach(() => {
  parents = [];
  globalThis.fetch = (async (_: string, { headers }: { headers: Record<string, string> }) => {
    parents.push(headers["traceparent"]!);
    return parents.length === 1 ? new Response(JSON.stringify({ code: "invalid_token" }), { status: 401 }) : new Response("{}");
  }) as unknown as typeof fetch;
});

afterEach(() => void (globalThis.fetch = realFetch));

test("a call that is repeated is one trace with a span for each attempt; the next call is another", async () => {
  const http = new Http("http://server");
  http.tokens = { accessToken: async () => "token" };

  await http.get("profile");
  await http.get("profile");

  const ids = parents.map((parent) => /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(parent)!);
  assert.equal(ids.length, 3);
  assert.equal(ids[0]![1], ids[1]![1]);
  assert.notEqual(ids[0]![2], ids[1]![2]);
  assert.notEqual(ids[1]![1], ids[2]![1]);
});
