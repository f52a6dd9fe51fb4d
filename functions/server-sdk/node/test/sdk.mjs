// What the SDK promises, against the app at VOX_ADDRESS. Vox.FunctionTests runs it.
import assert from "node:assert/strict";
import { readWebhook, VoxApiError, VoxClient, VoxWebhookError } from "@voxfunctions/server";
import { Webhook } from "standardwebhooks";

const options = { address: process.env.VOX_ADDRESS, apiKey: process.env.VOX_API_KEY };
const vox = new VoxClient(options);
const all = async items => { const found = []; for await (const item of items) found.push(item); return found; };
const code = async promise => { try { await promise; } catch (error) { assert(error instanceof VoxApiError, String(error)); return error.code; } return ""; };

// Users.
const { created } = await vox.users.upsert([{ id: "alice", displayName: "Alice", custom: { plan: "pro" } }, { id: "a/b ü" }, { id: "bob" }, { id: "carol" }]);
assert.deepEqual(created, ["alice", "a/b ü", "bob", "carol"]);
const alice = await vox.users.get("alice");
assert.equal((await vox.users.change("alice", { status: "Here" }, { ifMatch: alice.etag })).custom.plan, "pro");
assert.equal(await code(vox.users.change("alice", { status: "x" }, { ifMatch: alice.etag })), "precondition_failed");
assert.equal((await vox.users.get("a/b ü")).id, "a/b ü");
assert.deepEqual((await all(vox.users.list("al"))).map(user => user.id), ["alice"]);
assert.equal((await vox.users.disable("bob")).disabled, true);
assert.equal((await vox.users.enable("bob")).disabled, false);
assert.deepEqual((await vox.users.presence(["alice", "nobody"])).map(user => user.online), [false]);
assert.deepEqual(await vox.users.sessions("alice"), []);
assert.equal(await code(vox.users.get("nobody")), "user_not_found");

// Groups, messages, tokens, moderation.
const team = await vox.groups.create({ id: "team", name: "Team", owner: "alice", members: ["bob"] });
assert.equal(await code(vox.groups.create({ id: "team", name: "Team", owner: "alice" })), "group_exists");
assert.deepEqual((await vox.groups.addMembers("team", ["carol", "nobody"])).refused, [{ id: "nobody", error: "user_not_found" }]);
await vox.groups.setAdmin("team", "bob", true);
assert.equal((await vox.groups.change("team", { frozen: true, custom: { a: 1 } })).frozen, true);
await vox.messages.send({ system: true, group: "team", data: "Hello", custom: { order: 7 }, silent: true });
const sent = await vox.messages.send({ from: "alice", to: "bob", data: "Hi" }, { idempotencyKey: "once" });
assert.deepEqual(await vox.messages.send({ from: "alice", to: "bob", data: "Hi" }, { idempotencyKey: "once" }), sent);
assert.deepEqual((await all(vox.messages.listOfGroup("team"))).map(m => [m.data, m.from, m.system, m.custom.order, m.silent]), [["Hello", "", true, 7, true]]);
assert.deepEqual((await all(vox.messages.list("bob", "alice"))).map(m => m.data), ["Hi"]);
assert.equal((await vox.tokens.create("dave", { createUser: true, lifetimeSeconds: 300 })).userId, "dave");
assert(await vox.tokens.revoke("dave"));
assert.equal((await vox.moderation.mute("carol", { until: new Date(Date.now() + 3_600_000), reason: "Loud" })).reason, "Loud");
assert.deepEqual((await all(vox.moderation.mutes())).map(user => user.userId), ["carol"]);
await vox.moderation.unmute("carol");
await vox.moderation.banFromGroup("team", "carol");
assert.deepEqual((await all(vox.moderation.groupBans("team"))).map(user => user.userId), ["carol"]);
assert.deepEqual((await all(vox.groups.members("team"))).map(m => `${m.id} ${m.role}`), ["alice owner", "bob admin"]);
assert.deepEqual((await all(vox.groups.list("bob"))).map(group => group.conversation), [team.conversation]);
assert.equal((await vox.groups.removeMembers("team", ["bob"])).changed, 1);
await vox.groups.delete("team");
await vox.users.delete("a/b ü");

// Answers get lost: it is sent again with the same key, and done once.
const keys = [];
const lossy = new VoxClient({
  ...options, maxRetryDelay: 10,
  fetch: async (url, init) => {
    keys.push(init.headers["Idempotency-Key"]);
    const response = await fetch(url, init);
    if (keys.length <= 2) throw new TypeError("The answer was lost.");
    return response;
  },
});
await lossy.messages.send({ from: "bob", to: "alice", data: "Once" });
assert.deepEqual([keys.length, new Set(keys).size], [3, 1]);
assert.equal((await all(vox.messages.list("bob", "alice"))).filter(m => m.data === "Once").length, 1);
await assert.rejects(vox.users.get("alice", { signal: AbortSignal.abort() }), { name: "AbortError" });

// Webhooks, signed by the public library.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = JSON.stringify({ type: "message.sent", timestamp: "2026-11-30T09:00:00Z", data: { text: "ü" } });
const now = new Date();
const headers = {
  "webhook-id": "msg_1", "webhook-timestamp": String(Math.floor(now / 1000)), "webhook-signature": `v1,AAAA ${new Webhook(secret).sign("msg_1", now, body)}`,
};
assert.equal(readWebhook(["whsec_AAAA", secret], headers, body).data.text, "ü");
assert.equal(readWebhook(secret, new Headers(headers), Buffer.from(body)).type, "message.sent");
for (const wrong of [
  () => readWebhook("whsec_AAAA", headers, body), () => readWebhook(secret, { ...headers, "webhook-id": "msg_2" }, body),
  () => readWebhook(secret, headers, `${body} `), () => readWebhook(secret, {}, body),
  () => readWebhook(secret, headers, body, now.getTime() + 301_000), () => readWebhook(secret, headers, body, now.getTime() - 301_000),
]) assert.throws(wrong, VoxWebhookError);

console.log("all done");
