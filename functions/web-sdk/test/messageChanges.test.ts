import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { MemoryTextStore } from "../src/base/TextStore.js";
import { ChatClient } from "../src/core/ChatClient.js";
import { message } from "./fakes.js";

interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

let calls: Call[];
let down: boolean;
let refuse: Record<string, number>;
let client: ChatClient;
const realFetch = globalThis.fetch;

/** A server with one conversation of two messages. Its live channel cannot be reached. */
function answer({ method, path, body }: Call): [number, unknown] {
  const place = /^conversations\/d1\/messages\/(\d+)/.exec(path);
  const code = refuse[`${method} ${path}`];
  if (code) return [code, { code: "edit_window_over", detail: "Too late.", retryable: false }];
  if (path.startsWith("sessions")) return [200, { accessToken: "a", expiresIn: 900, refreshToken: "r", loginId: "alice", realtimeUser: "p:alice", serverTime: Date.now() }];
  if (path === "sync") {
    const own = { delivered: 2, read: 2 };
    return [200, { serverTime: 0, conversations: [{ conversation: "d1", with: "bob", lastSequence: 2, messages: [message(1), message(2)], complete: true, lastChange: 0, own }] }];
  }
  if (down) return [503, { code: "busy", retryable: true }];
  if (path === "messages") return [200, { id: body["clientMessageId"], conversation: "d1", sequence: 3, sentAt: 9, duplicate: false }];
  if (place) {
    const sequence = Number(place[1]);
    return [200, { conversation: "d1", change: 1, sequence, duplicate: false, message: { ...message(sequence), data: String(body["data"] ?? ""), change: 1 } }];
  }
  if (path.endsWith("/settings")) return [200, { conversation: "d1", version: 2, ...body }];
  if (path.endsWith("/clear")) return [200, { conversation: "d1", version: 3, clearedThrough: 2 }];
  if (path.startsWith("scheduled")) return [200, { id: "s1", ...body }];
  return [503, { retryable: true }];
}

beforeEach(async () => {
  calls = [];
  down = false;
  refuse = {};
  globalThis.fetch = (async (address: string, { method = "GET", body }: RequestInit) => {
    const call = { method, path: address.replace("http://server/api/v1/", ""), body: JSON.parse(String(body ?? "{}")) as Record<string, unknown> };
    if (!/^(sessions|sync|realtime|receipts|presence)/.test(call.path)) calls.push(call);
    const [status, result] = answer(call);
    return new Response(JSON.stringify(result), { status });
  }) as typeof fetch;
  client = new ChatClient({ server: "http://server", projectId: "p", storage: new MemoryTextStore() });
  await client.logIn("alice", "secret");
  await client.synchronize();
});

afterEach(async () => {
  await client.logOut();
  globalThis.fetch = realFetch;
});

const shown = (): string[] => calls.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify({ ...body, clientChangeId: undefined, clientTime: undefined })}`);

test("each change is one call, with an id that makes it harmless to repeat", async () => {
  const place = { conversation: "d1", sequence: 2 };
  await client.changes.edit(place, { data: "new", mentions: ["bob"] });
  await client.changes.react(place, "👍");
  await client.changes.unreact(place, "👍");
  await client.changes.pin(place);
  await client.changes.unpin(place);
  await client.changes.deleteForMe(place);
  await client.changes.delete(place);
  const at = "conversations/d1/messages/2";
  assert.deepEqual(shown().map((call) => call.replace(/[?&]clientChangeId=\w{16}/, "")), [
    `PATCH ${at} {"data":"new","mentions":["bob"]}`, `PUT ${at}/reactions {"emoji":"👍"}`, `DELETE ${at}/reactions?emoji=%F0%9F%91%8D {}`,
    `PUT ${at}/pin {}`, `DELETE ${at}/pin {}`, `DELETE ${at}?for=me {}`, `DELETE ${at}?for=everyone {}`,
  ]);
  assert.ok(calls.every(({ path, body }) => /clientChangeId=\w{16}/.test(path) || String(body["clientChangeId"]).length === 16));
});

test("the app hears of its own change, and of the message as it is then", async () => {
  const heard: unknown[] = [];
  client.on("change", ({ with: peer, kind, by, message: { data, sequence } }) => heard.push([peer, kind, by, data, sequence]));
  await client.changes.edit({ conversation: "d1", sequence: 2 }, { data: "new" });
  assert.deepEqual(heard, [["bob", "edited", "alice", "new", 2]]);
  assert.equal(client.conversations[0]!.lastMessage?.data, "new");
});

test("a change that the server refuses rejects, and does not hold up the next", async () => {
  refuse["PATCH conversations/d1/messages/2"] = 403;
  const failed: string[] = [];
  client.on("changeFailed", ({ error }) => failed.push(error.reason));
  const edit = client.changes.edit({ conversation: "d1", sequence: 2 }, { data: "new" });
  const pin = client.changes.pin({ conversation: "d1", sequence: 1 });
  await assert.rejects(edit, { reason: "edit_window_over" });
  await pin;
  assert.deepEqual(failed, ["edit_window_over"]);
});

test("messages and changes that were made without a network leave in order", async () => {
  down = true;
  const first = client.send({ to: "bob", data: "first" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const second = client.send({ to: "bob", data: "second" });
  const edits = [client.changes.edit(first, { data: "first, edited" }), client.changes.edit(second, { data: "second, rewritten" })];
  const third = client.send({ to: "bob", data: "third" });
  await client.changes.delete(third);
  await assert.rejects(third.accepted, { reason: "cancelled" });
  calls = [];
  down = false;
  await Promise.all(edits);
  assert.deepEqual(calls.map(({ method, path, body }) => `${method} ${path} ${String(body["data"])}`).filter((call, i, all) => call !== all[i - 1]), [
    "POST messages first", "POST messages second, rewritten", "PATCH conversations/d1/messages/3 first, edited",
  ]);
});

test("a message carries its reply, mentions, data and silence; a forwarded one has no text of its own", async () => {
  await client.send({ to: "bob", data: "yes", replyTo: 2, mentions: ["bob"], custom: { a: 1 }, silent: true }).accepted;
  await client.send({ to: "bob", forward: { conversation: "d1", sequence: 1 } }).accepted;
  const [reply, forward] = calls.filter(({ path }) => path === "messages").map(({ body }) => body);
  const { replyTo, mentions, custom, silent } = reply!;
  assert.deepEqual({ replyTo, mentions, custom, silent }, { replyTo: 2, mentions: ["bob"], custom: { a: 1 }, silent: true });
  assert.deepEqual([forward!["forward"], "data" in forward!, "type" in forward!], [{ conversation: "d1", sequence: 1 }, false, false]);
});

test("what the user sets for a conversation is known here at once", async () => {
  const told: unknown[] = [];
  client.on("settings", ({ with: peer, settings }) => told.push([peer, settings.version]));
  await client.preferences.mute("d1");
  assert.deepEqual([client.conversations[0]!.settings.mutedUntil, told], [-1, [["bob", 2]]]);
  await client.preferences.clear("d1");
  assert.equal(client.conversations[0]!.lastMessage, undefined);
  assert.deepEqual(shown(), ['PATCH conversations/d1/settings {"mutedUntil":-1}', "POST conversations/d1/clear {}"]);
});

test("a scheduled message is a call of its own", async () => {
  await client.scheduled.add({ to: "bob", data: "later", sendAt: 5 });
  await client.scheduled.update("s1", { sendAt: 6 });
  await client.scheduled.cancel("s1");
  const { clientMessageId, ...first } = calls[0]!.body;
  assert.deepEqual([first, String(clientMessageId).length], [{ type: 1, to: "bob", data: "later", sendAt: 5 }, 16]);
  assert.deepEqual(calls.map(({ method, path }) => `${method} ${path}`), ["POST scheduled", "PATCH scheduled/s1", "DELETE scheduled/s1"]);
});

test("nobody is logged in: every change rejects", async () => {
  await client.logOut();
  await assert.rejects(client.changes.react({ conversation: "d1", sequence: 1 }, "👍"), { reason: "logged_out" });
  await assert.rejects(client.changes.edit({ conversation: "d1", sequence: 1 }, { data: "x" }), { reason: "logged_out" });
});
