import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Inbox } from "../src/core/Inbox.js";
import { FakeServer, message, settle } from "./fakes.js";

let server: FakeServer;
let shown: number[];

beforeEach(() => {
  mock.timers.reset();
  server = new FakeServer();
  shown = [];
});

function inbox(): Inbox {
  return new Inbox({ sync: server.sync, messages: server.page } as never, "alice", {
    message: (_, m) => shown.push(m.sequence),
    marks: () => {},
  });
}

test("what nobody has received is shown at log-in, what was received is not", async () => {
  server.say(5);
  server.delivered = 3;
  await inbox().synchronize();
  assert.deepEqual(shown, [4, 5]);
});

test("own messages at the end are not shown as new", async () => {
  server.say(2);
  server.say(2, "alice");
  server.delivered = 2;
  const box = inbox();
  await box.synchronize();
  assert.deepEqual(shown, []);
  assert.equal(box.find("bob")?.lastMessage?.sequence, 4);
});

test("more pending messages than the first answer has are fetched in order", async () => {
  server.say(950);
  server.delivered = 100;
  await inbox().synchronize();
  assert.deepEqual(shown, Array.from({ length: 850 }, (_, i) => i + 101));
  assert.equal(server.syncs.length, 1);
});

test("a message that comes twice is shown once", async () => {
  const box = inbox();
  await box.synchronize();
  const [first] = server.say(1);
  box.receive(first!);
  box.receive(first!);
  assert.deepEqual(shown, [1]);
});

test("messages that overtook each other are sorted without a call", async () => {
  const box = inbox();
  await box.synchronize();
  const said = server.say(3);
  for (const index of [2, 0, 1]) box.receive(said[index]!);
  assert.deepEqual(shown, [1, 2, 3]);
  assert.equal(server.pages, 0);
});

test("a lost message is fetched before those after it are shown", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const box = inbox();
  await box.synchronize();
  const said = server.say(3);
  box.receive(said[0]!);
  box.receive(said[2]!);
  assert.deepEqual(shown, [1]);
  mock.timers.tick(400);
  await settle();
  assert.deepEqual(shown, [1, 2, 3]);
  assert.equal(server.pages, 1);
});

test("fetching a lost message is repeated while the server is down", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const box = inbox();
  await box.synchronize();
  const said = server.say(2);
  server.down = true;
  box.receive(said[1]!);
  for (let i = 0; i < 5; i++) {
    mock.timers.tick(5_000);
    await settle();
  }
  assert.deepEqual(shown, []);
  server.down = false;
  mock.timers.tick(40_000);
  await settle();
  assert.deepEqual(shown, [1, 2]);
});

test("live messages that come before the first synchronization wait for it", async () => {
  const said = server.say(3);
  server.delivered = 1;
  const box = inbox();
  box.receive(said[2]!);
  assert.deepEqual(shown, []);
  await box.synchronize();
  assert.deepEqual(shown, [2, 3]);
});

test("a receipt for an unknown sequence reveals a lost message", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const box = inbox();
  server.say(1);
  await box.synchronize();
  server.say(1);
  box.noteLast("d1", 2);
  mock.timers.tick(400);
  await settle();
  assert.deepEqual(shown, [1, 2]);
});

test("a synchronization asked for during another one begins after it", async () => {
  const box = inbox();
  await box.synchronize();
  const first = box.synchronize();
  const second = box.synchronize();
  assert.equal(box.synchronize(), second);
  await Promise.all([first, second]);
  assert.equal(server.syncs.length, 3);
});

test("messages that retention has removed are not waited for", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const box = inbox();
  await box.synchronize();
  server.messages = [message(1), message(2), message(5)];
  box.receive(message(5));
  mock.timers.tick(400);
  await settle();
  assert.deepEqual(shown, [1, 2, 5]);
});
