import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { MessageEvent } from "../src/api/wire/messages.js";
import { MemoryTextStore } from "../src/base/TextStore.js";
import { Inbox } from "../src/core/Inbox.js";
import { Receipts } from "../src/core/Receipts.js";
import { Told } from "../src/core/Told.js";
import { FakeServer, settle } from "./fakes.js";

let server: FakeServer;
let shown: string[];
let restored: number[];

beforeEach(() => {
  mock.timers.reset();
  server = new FakeServer();
  shown = [];
  restored = [];
});

function inbox(told?: Told): Inbox {
  return new Inbox({ sync: server.sync, messages: server.page } as never, "alice", {
    message: (_, m) => shown.push(m.data),
    marks: () => {},
    restored: (conversation) => restored.push(conversation.last),
  }, told);
}

/** Other texts than those that were lost. */
function say(count: number, from = "bob"): MessageEvent[] {
  const said = server.say(count, from);
  for (const message of said) message.data = `new ${message.sequence}`;
  return said;
}

async function follow(): Promise<Inbox> {
  server.epochs = [{ epoch: 5, lastSequence: 0 }];
  server.say(2);
  server.delivered = 2;
  const box = inbox();
  await box.synchronize();
  for (const message of server.say(4)) box.receive({ ...message, epoch: 5 });
  assert.deepEqual(shown.splice(0), ["text 3", "text 4", "text 5", "text 6"]);
  return box;
}

test("new messages with sequences that were seen before a restore are shown", async () => {
  const box = await follow();
  server.restore(4);
  say(3);
  await box.synchronize();
  assert.deepEqual([shown, restored], [["new 5", "new 6", "new 7"], [4]]);
  assert.equal(box.find("bob")?.unread, 7);
});

test("a live message of a new epoch brings what was sent since the restore", async () => {
  const box = await follow();
  server.restore(4);
  box.receive({ ...say(3)[2]!, epoch: 15 });
  await settle();
  assert.deepEqual([shown, restored], [["new 5", "new 6", "new 7"], [4]]);
});

test("a live message of a former epoch is not shown", async () => {
  const box = await follow();
  const [lost] = server.say(1);
  server.restore(4);
  await box.synchronize();
  box.receive({ ...lost!, sequence: 5, epoch: 5 });
  await settle();
  assert.deepEqual([shown, restored], [[], [4]]);
  for (const message of say(1)) box.receive({ ...message, epoch: 15 });
  assert.deepEqual(shown, ["new 5"]);
});

test("a restore that has lost nothing changes nothing", async () => {
  const box = await follow();
  server.restore(6);
  say(1);
  await box.synchronize();
  assert.deepEqual([shown, restored], [["new 7"], []]);
});

test("of two restores, the one that lost more counts", async () => {
  const box = await follow();
  server.restore(3);
  say(5);
  server.restore(7);
  await box.synchronize();
  assert.deepEqual([shown, restored], [["new 4", "new 5", "new 6", "new 7"], [3]]);
});

test("receipts and tips of lost messages do not count for those that have their sequences now", async () => {
  server.tip = "old";
  server.other = { delivered: 0, read: 0 };
  const box = await follow();
  const conversation = box.find("bob")!;
  conversation.advanceOwn({ delivered: 6, read: 6 });
  conversation.advanceOther({ delivered: 6, read: 6 });
  server.tip = undefined;
  server.restore(4);
  say(2, "alice");
  await box.synchronize();
  assert.deepEqual([conversation.own.read, conversation.other.read, conversation.tip], [4, 4, undefined]);
  assert.deepEqual(conversation.advanceOther({ delivered: 6, read: 5 }), { delivered: ["m5", "m6"], read: ["m5"] });
});

test("a receipt that waits does not go beyond the last message that was restored", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const sent: unknown[] = [];
  const receipts = new Receipts(async (batch) => sent.push(...batch));
  void receipts.add({ conversation: "d1", delivered: 6, read: 6 });
  receipts.limit("d1", 4);
  mock.timers.tick(5_000);
  await settle();
  assert.deepEqual(sent, [{ conversation: "d1", delivered: 4, read: 4 }]);
});

test("what a page of before the restore has told is not told of new messages", async () => {
  const texts = new MemoryTextStore();
  new Told(texts, "p|alice").flush([{ id: "d1", told: { position: 6, delivered: 6, read: 6, epoch: 5 } }]);
  server.epochs = [{ epoch: 5, lastSequence: 0 }];
  server.say(4, "alice");
  server.restore(4);
  say(2, "alice");
  await inbox(new Told(texts, "p|alice")).synchronize();
  assert.deepEqual(shown, ["new 5", "new 6"]);
});

test("of two pages, what the one wrote that knows of the restore stays", () => {
  const texts = new MemoryTextStore();
  const [before, after] = [new Told(texts, "p|alice"), new Told(texts, "p|alice")];
  after.flush([{ id: "d1", told: { position: 4, delivered: 4, read: 4, epoch: 15 } }]);
  before.flush([{ id: "d1", told: { position: 6, delivered: 6, read: 6, epoch: 5 } }]);
  assert.deepEqual(new Told(texts, "p|alice").of("d1"), { position: 4, delivered: 4, read: 4, epoch: 15 });
});
