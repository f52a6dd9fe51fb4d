// What the SDK promises of messages that are changed, webhooks, devices, exports and erasures, against the app at VOX_ADDRESS, in a project
// with the user alice, who has a device. Vox.FunctionTests runs it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { etagOf, readWebhook, VoxApiError, VoxClient } from "@voxfunctions/server";

const vox = new VoxClient({ address: process.env.VOX_ADDRESS, apiKey: process.env.VOX_API_KEY });
const all = async items => { const found = []; for await (const item of items) found.push(item); return found; };
const code = async promise => { try { await promise; } catch (error) { assert(error instanceof VoxApiError, String(error)); return error.code; } return ""; };
/** What comes some moments later. */
const until = async read => {
  for (let tries = 0; tries < 600; tries++) {
    const found = await read();
    if (found) return found;
    await pause(100);
  }
  throw new Error("It did not come.");
};

// A server that takes webhooks.
const received = [];
const taker = createServer((request, response) => {
  let body = "";
  request.on("data", part => { body += part; });
  request.on("end", () => { received.push({ headers: request.headers, body }); response.writeHead(204).end(); });
});
taker.listen(0, "127.0.0.1");
await once(taker, "listening");
const url = `http://127.0.0.1:${taker.address().port}/hooks`;
const next = () => until(() => received.shift());
const read = (one, secret) => readWebhook(secret, one.headers, one.body);
await vox.users.upsert([{ id: "bob" }]);

// Messages that are changed.
const sent = await vox.messages.send({ from: "alice", to: "bob", data: "Helo" });
const [first] = await all(vox.messages.list("bob", "alice"));
const edited = await vox.messages.edit(sent.conversation, sent.sequence, "Hello", { ifMatch: etagOf(first) });
assert.deepEqual([edited.changed, edited.message.data], [true, "Hello"]);
assert.equal(await code(vox.messages.delete(sent.conversation, sent.sequence, { ifMatch: etagOf(first) })), "precondition_failed");
const [conversation] = await all(vox.messages.conversations("bob"));
assert.deepEqual([conversation.with, conversation.lastMessage.data, conversation.closed], ["alice", "Hello", false]);
assert.equal((await all(vox.messages.listOfConversation("bob", sent.conversation))).length, 1);
const deleted = await vox.messages.delete(sent.conversation, sent.sequence, { ifMatch: etagOf(edited.message) });
assert.deepEqual([deleted.message.data, deleted.message.erased, typeof deleted.message.deletedAt], ["", true, "number"]);

// Webhooks.
const made = await vox.webhooks.create({ url, events: ["message.sent"] });
assert((await vox.webhooks.test(made.id)).length > 0);
assert.equal(read(await next(), made.secret).type, "webhook.test");
assert.equal((await vox.webhooks.change(made.id, { description: "Orders" })).description, "Orders");
const { webhooks, types } = await vox.webhooks.list();
assert.deepEqual([webhooks.map(one => one.id), types.includes("message.sent")], [[made.id], true]);
const hello = await vox.messages.send({ from: "alice", to: "bob", data: "Hello" });
const told = await next();
assert.equal(read(told, made.secret).data.message.id, hello.id);
const eventId = told.headers["webhook-id"];
const delivery = await until(async () =>
  (await all(vox.webhooks.deliveries({ type: "message.sent", state: "delivered" }))).find(one => one.event === eventId));
assert.equal((await vox.webhooks.delivery(delivery.id)).body, told.body);
const rotated = await vox.webhooks.rotate(made.id, { overlapHours: 0 });
assert.equal(await vox.webhooks.resend(delivery.id), delivery.id);
assert.equal(read(await next(), rotated.secret).id, eventId);
await vox.webhooks.delete(made.id);
assert.equal(await code(vox.webhooks.get(made.id)), "not_found");

// The before-send hook.
const hook = await vox.beforeSend.set({ url, milliseconds: 3_000, allowsOnFailure: false });
await vox.messages.send({ from: "alice", to: "bob", data: "Asked about" });
assert.equal(read(await next(), hook.secret).type, "message.before_send");
assert.notEqual((await vox.beforeSend.rotate({ overlapHours: 1 })).secret, hook.secret);
assert.equal((await vox.beforeSend.get()).days[0].allowed, 1);
await vox.beforeSend.delete();
assert.equal(await code(vox.beforeSend.get()), "not_found");

// Devices.
const [device] = await vox.users.devices("alice");
assert.equal(device.kind, "fcm");
await vox.users.removeDevice("alice", device.id);
assert.deepEqual(await vox.users.devices("alice"), []);

// Requests, some seconds later.
assert.equal(await code(vox.users.get("nobody")), "user_not_found");
const [request] = await until(async () => {
  const found = await all(vox.requests.list({ api: "server", failed: true, error: "user_not_found" }));
  return found.length > 0 ? found : null;
});
assert.deepEqual([request.method, request.status], ["GET", 404]);

// Exports and erasures.
const archive = await vox.exports.begin("alice", { idempotencyKey: "once" });
assert.equal((await vox.exports.begin("alice", { idempotencyKey: "once" })).id, archive.id);
assert.equal((await vox.exports.get(archive.id)).subject, "alice");
assert.deepEqual((await vox.exports.list()).map(one => one.id), [archive.id]);
assert.equal(await code(vox.exports.link(archive.id)), "not_found");
const erasure = await vox.erasures.begin("alice");
assert.equal((await vox.erasures.get(erasure.id)).kind, "user");
assert.equal(await code(vox.users.get("alice")), "user_not_found");

taker.close();
console.log("all done");
