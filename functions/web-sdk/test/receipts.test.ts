import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { Receipt } from "../src/api/wire/messages.js";
import { ChatError } from "../src/base/ChatError.js";
import { Receipts } from "../src/core/Receipts.js";
import { settle } from "./fakes.js";

let calls: Receipt[][];
let failure: ChatError | undefined;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  calls = [];
  failure = undefined;
});

function receipts(): Receipts {
  return new Receipts(async (batch) => {
    calls.push(batch);
    if (failure) throw failure;
  });
}

async function later(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 25) {
    mock.timers.tick(25);
    await settle();
  }
}

test("a burst in one conversation is one receipt, the highest", async () => {
  const box = receipts();
  for (let sequence = 1; sequence <= 50; sequence++) void box.add({ conversation: "d1", delivered: sequence });
  void box.add({ conversation: "d1", read: 20 });
  await later(50);
  assert.deepEqual(calls, [[{ conversation: "d1", delivered: 50, read: 20 }]]);
});

test("the first goes at once, the next ones within a second", async () => {
  const box = receipts();
  void box.add({ conversation: "d1", delivered: 1 });
  await later(50);
  void box.add({ conversation: "d1", delivered: 2 });
  await later(100);
  assert.equal(calls.length, 1);
  await later(1_000);
  assert.equal(calls.length, 2);
});

test("a call has at most 100", async () => {
  const box = receipts();
  for (let i = 0; i < 250; i++) void box.add({ conversation: `d${i}`, delivered: 1 });
  await later(3_000);
  assert.deepEqual(calls.map((batch) => batch.length), [100, 100, 50]);
});

test("a failed call is repeated with what came meanwhile", async () => {
  const box = receipts();
  failure = new ChatError(503, "network", "", true);
  const known = box.add({ conversation: "d1", delivered: 1 });
  await later(100);
  void box.add({ conversation: "d1", delivered: 7 });
  failure = undefined;
  await later(5_000);
  assert.deepEqual(calls.at(-1), [{ conversation: "d1", delivered: 7, read: undefined }]);
  await known;
});

test("a refused call is not repeated", async () => {
  const box = receipts();
  failure = new ChatError(400, "invalid_field", "");
  const known = box.add({ conversation: "d1", delivered: 1 });
  const rejected = assert.rejects(known, { code: 400 });
  await later(5_000);
  await rejected;
  assert.equal(calls.length, 1);
});

test("a page that is left sends what is pending", () => {
  const box = receipts();
  void box.add({ conversation: "d1", read: 3 });
  box.flush();
  assert.deepEqual(calls, [[{ conversation: "d1", delivered: undefined, read: 3 }]]);
});
