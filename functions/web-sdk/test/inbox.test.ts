import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { SyncRequest, SyncResponse } from "../src/api/wire/messages.js";
import { Inbox } from "../src/core/Inbox.js";
import type { ToldMark } from "../src/core/Told.js";
import { FakeServer, message, settle } from "./fakes.js";

let server: FakeServer;
let shown: number[];

beforeEach(() => {
  mock.timers.reset();
  server = new FakeServer();
  shown = [];
});

/** @param told What this device was told before: nothing, or everything up to a position. */
function inbox(told?: ToldMark): Inbox {
  const memory = { of: () => told };
  return new Inbox({ sync: server.sync, messages: server.page } as never, "alice", {
    message: (_, m) => shown.push(m.sequence),
    marks: () => {},
  }, memory);
}

test("many own messages in a row are neither told nor fetched at the first log-in", async () => {
  server.say(1);
  server.say(3_000, "alice");
  server.delivered = 1;
  const box = inbox();
  await box.synchronize();
  assert.deepEqual(shown, []);
  assert.deepEqual([server.syncs.length, server.pages], [1, 0]);
  assert.equal(box.find("bob")?.unread, 0);
});

test("among many own messages, what nobody has received is told at the first log-in", async () => {
  server.say(15, "alice");
  server.say(1);
  server.say(15, "alice");
  await inbox().synchronize();
  assert.deepEqual(shown, [16]);
});

test("own messages of other devices that this one was not told are told", async () => {
  server.say(20, "alice");
  await inbox({ position: 5, delivered: 0, read: 0 }).synchronize();
  assert.deepEqual(shown, Array.from({ length: 15 }, (_, i) => i + 6));
});

test("ids of own messages are looked up when their receipts came while this device was away", async () => {
  server.say(30, "alice");
  server.other = { delivered: 30, read: 10 };
  const marks: string[] = [];
  const box: Inbox = new Inbox({ sync: server.sync, messages: server.page } as never, "alice", {
    message: () => assert.fail(),
    marks: (conversation, _, other) => {
      const { delivered, read } = conversation.advanceOther(other!);
      marks.push(`${delivered.length} ${read.length}`);
    },
  }, { of: () => ({ position: 30, delivered: 5, read: 5 }) });
  await box.synchronize();
  assert.deepEqual(marks, ["25 5"]);
});

test("unread is the server's number, also after an own answer", async () => {
  server.say(3);
  server.say(1, "alice");
  server.say(2);
  const box = inbox();
  await box.synchronize();
  assert.equal(box.find("bob")?.unread, 2);
  const [answer] = server.say(1, "alice");
  box.receive(answer!);
  assert.equal(box.find("bob")?.unread, 0);
  box.receive(server.say(1)[0]!);
  assert.equal(box.find("bob")?.unread, 1);
});

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

test("the first message of a conversation is shown here too when another device has received it before this one was connected", async () => {
  const box = inbox();
  await box.synchronize();
  server.say(1);
  server.delivered = 1;
  await box.synchronize();
  assert.deepEqual(shown, [1]);
});

test("the same with more messages than one answer brings", async () => {
  const box = inbox();
  await box.synchronize();
  server.say(250);
  server.delivered = 250;
  await box.synchronize();
  assert.deepEqual(shown, Array.from({ length: 250 }, (_, i) => i + 1));
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

/** A group that the user was added to after its second message. */
function groupServer(): { sync(request: SyncRequest): Promise<SyncResponse>; gone: boolean; name: string; answer?: Promise<void> } {
  return {
    gone: false,
    name: "Friends",
    async sync() {
      const answer: SyncResponse = {
        serverTime: 0,
        conversations: this.gone ? [] : [{
          conversation: GROUP, with: GROUP, group: true, name: this.name, lastSequence: 3, firstSequence: 3, complete: true,
          messages: [{ ...message(3, "bob", GROUP), to: GROUP }], own: { delivered: 2, read: 2 },
        }],
      };
      await this.answer;
      return answer;
    },
  };
}

const GROUP = `g${"x".repeat(22)}`;

test("a deleted group does not come back with a message that was on its way", async () => {
  const groups = groupServer();
  const box = new Inbox(groups as never, "alice", { message: (_, m) => shown.push(m.sequence), marks: () => {} });
  await box.synchronize();
  assert.equal(box.find(GROUP)?.name, "Friends");
  groups.gone = true;
  box.forget(GROUP);
  box.receive({ ...message(4, "bob", GROUP), to: GROUP });
  await settle();
  assert.deepEqual(shown, [3]);
  assert.equal(box.find(GROUP), undefined);
});

test("a deleted group does not come back with an answer that was asked for before", async () => {
  const groups = groupServer();
  const box = new Inbox(groups as never, "alice", { message: (_, m) => shown.push(m.sequence), marks: () => {} });
  let go!: () => void;
  groups.answer = new Promise((resolve) => (go = resolve));
  const asked = box.synchronize();
  await settle();
  box.forget(GROUP);
  go();
  await asked;
  assert.equal(box.find(GROUP), undefined);
  await box.synchronize();
  assert.ok(box.find(GROUP));
});

test("a group that was blocked and is unblocked is where it was, and gets what was said meanwhile", async () => {
  const groups = groupServer();
  const box = new Inbox(groups as never, "alice", { message: (_, m) => shown.push(m.sequence), marks: () => {} });
  await box.synchronize();
  const before = box.find(GROUP);
  box.forget(GROUP);
  box.restore(GROUP);
  await box.synchronize();
  assert.equal(box.find(GROUP), before);
  assert.deepEqual(shown, [3]);
});

test("a group that was blocked before the log-in is asked for by name", async () => {
  const asked: SyncRequest[] = [];
  const box = new Inbox({ sync: async (request: SyncRequest) => (asked.push(request), { conversations: [], serverTime: 0 }) } as never, "alice", {
    message: () => {}, marks: () => {},
  });
  await box.synchronize();
  box.restore(GROUP);
  await box.synchronize();
  await box.synchronize();
  assert.deepEqual(asked.map((request) => Object.keys(request.conversations)), [[], [GROUP], []]);
});

test("the newest tip is kept: of a live message, a synchronizing or a page, in any order, and apps do not see it", async () => {
  server.say(3);
  const seen: object[] = [];
  const box = new Inbox({ sync: server.sync, messages: server.page } as never, "alice", { message: (_, m) => seen.push(m), marks: () => {} });
  server.tip = "three";
  await box.synchronize();
  const conversation = box.find("bob")!;
  assert.equal(conversation.tip, "three");
  server.say(2);
  box.receive({ ...message(5), tip: "five" });
  box.receive({ ...message(4), tip: "four" });
  assert.equal(conversation.tip, "five");
  box.receive(message(5));
  assert.equal(conversation.tip, "five");
  server.say(1);
  box.receive(message(6));
  assert.equal(conversation.tip, undefined);
  assert.ok(seen.length >= 3 && seen.every((m) => !("tip" in m)));
});
