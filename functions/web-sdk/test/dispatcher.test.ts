import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Dispatcher } from "../src/callback/Dispatcher.js";
import { settle } from "./fakes.js";

test("callbacks run later, in order, and one that throws stops none", async () => {
  const log = mock.method(console, "error", () => {});
  const calls: number[] = [];
  const dispatcher = new Dispatcher();
  dispatcher.call(() => calls.push(1), undefined);
  dispatcher.call(() => {
    throw new TypeError("of the app");
  }, undefined);
  dispatcher.call(() => {
    calls.push(2);
    dispatcher.call(() => calls.push(4), undefined);
  }, undefined);
  dispatcher.call(() => calls.push(3), undefined);
  assert.deepEqual(calls, []);
  await settle();
  assert.deepEqual(calls, [1, 2, 3, 4]);
  assert.equal(log.mock.callCount(), 1);
});

test("what is no function is skipped", async () => {
  const dispatcher = new Dispatcher();
  dispatcher.call(undefined, undefined);
  dispatcher.call("callback", undefined);
  await settle();
});
