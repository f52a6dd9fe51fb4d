import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReceiptEvent } from "../src/api/wire/messages.js";
import { Emitter } from "../src/base/Emitter.js";
import type { ChatEvents } from "../src/core/ChatEvents.js";
import { Inbox } from "../src/core/Inbox.js";
import { Incoming } from "../src/core/Incoming.js";
import { IncomingReceipts } from "../src/core/IncomingReceipts.js";
import type { LiveUser } from "../src/core/LiveUser.js";
import { SentHere } from "../src/core/SentHere.js";
import { FakeServer, message } from "./fakes.js";

const byBob: ReceiptEvent = { conversation: "d1", with: "bob", by: "bob", delivered: 1, read: 0 };

function alice(server: FakeServer): { inbox: Inbox; receipts: IncomingReceipts; delivered: string[]; told: string[] } {
  const events = new Emitter<ChatEvents>();
  const delivered: string[] = [];
  const told: string[] = [];
  events.on("message", ({ id }) => told.push(id));
  events.on("receipt", ({ deliveredIds }) => {
    delivered.push(...deliveredIds);
    told.push(...deliveredIds.map((id) => `${id} delivered`));
  });
  const user = { self: "alice", ended: false, receipts: { add: async () => {} }, outbox: { has: () => false, settle: () => {} }, files: { asked: () => false, settle: () => {} }, blocks: { has: () => false } } as unknown as LiveUser;
  const receipts = new IncomingReceipts(user, {} as never, new SentHere(events), events);
  const incoming = new Incoming(user, receipts, new SentHere(events), events, "this");
  const inbox = new Inbox({ sync: server.sync, messages: server.page } as never, "alice", {
    message: (conversation, m) => incoming.message(conversation, m),
    marks: (conversation, own, other) => receipts.marks(conversation, own, other),
  });
  Object.assign(user, { inbox });
  return { inbox, receipts, delivered, told };
}

test("a receipt that overtakes the first message of a conversation is told after it", async () => {
  const { inbox, receipts, told } = alice(new FakeServer());
  await inbox.synchronize();
  receipts.came(byBob);
  inbox.receive(message(1, "alice"));
  assert.deepEqual(told, ["m1", "m1 delivered"]);
});

test("a receipt for a message that the first synchronization brings is told, once", async () => {
  const server = new FakeServer();
  const { inbox, receipts, delivered } = alice(server);
  const synchronizing = inbox.synchronize();
  receipts.came(byBob);
  server.say(1, "alice");
  inbox.receive(message(1, "alice"));
  await synchronizing;
  receipts.came(byBob);
  assert.deepEqual(delivered, ["m1"]);
});

test("a receipt of the own user for a conversation to come changes what is unread", async () => {
  const { inbox, receipts } = alice(new FakeServer());
  await inbox.synchronize();
  receipts.came({ ...byBob, by: "alice", read: 1 });
  inbox.receive(message(1));
  assert.equal(inbox.find("bob")!.unread, 0);
});
