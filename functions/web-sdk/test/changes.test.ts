import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { MessageEvent } from "../src/api/wire/messages.js";
import { Inbox } from "../src/core/Inbox.js";
import { FakeServer, settle } from "./fakes.js";

let server: FakeServer;
let told: string[];
let resets: number;
let settings: number[];

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  server = new FakeServer();
  told = [];
  resets = 0;
  settings = [];
});

function inbox(): Inbox {
  return new Inbox({ sync: server.sync, messages: server.page, changes: server.changes } as never, "alice", {
    message: (_, m) => told.push(`message ${m.sequence} ${m.data}`),
    marks: () => {},
    changed: (_, m, news) => told.push(`${news?.kind ?? "changed"} ${m.sequence} ${m.data}`),
    reset: () => resets++,
    settings: ({ version }) => settings.push(version),
  });
}

/** A conversation of which everything is known. */
async function follow(count = 3): Promise<Inbox> {
  server.say(count);
  server.delivered = count;
  const box = inbox();
  await box.synchronize();
  return box;
}

async function later(milliseconds = 1_000): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
}

test("a live change is told at once, and never twice", async () => {
  const box = await follow();
  const event = server.change(2, { data: "new" });
  box.flow.receive(event);
  box.flow.receive(event);
  await later();
  assert.deepEqual([told, server.changeCalls], [["edited 2 new"], 0]);
});

test("in whatever order changes come, each message ends in its newest state", async () => {
  const box = await follow();
  const [first, second, third] = [server.change(2, { data: "a" }), server.change(2, { data: "b" }), server.change(3, { data: "c" })];
  for (const event of [third, second, first, second]) box.flow.receive(event);
  await later();
  assert.deepEqual([told, server.changeCalls], [["edited 3 c", "edited 2 b"], 0]);
  assert.equal(box.find("bob")!.changes.through, 3);
});

test("a change that is lost is fetched when a later one shows it", async () => {
  const box = await follow();
  server.change(1, { data: "lost" });
  box.flow.receive(server.change(2, { data: "came" }));
  await later();
  assert.deepEqual([told, server.changeCalls], [["edited 2 came", "changed 1 lost"], 1]);
});

test("what was changed while this client was away comes with the next synchronizing, and is asked for from the last one known", async () => {
  const box = await follow();
  box.flow.receive(server.change(1, { data: "a" }));
  server.change(2, { data: "b" });
  server.change(2, { data: "c" });
  await box.synchronize();
  assert.deepEqual(server.syncs.at(-1)?.changes, { d1: 1 });
  assert.deepEqual(told, ["edited 1 a", "changed 2 c"]);
  assert.equal(box.find("bob")!.changes.through, 3);
});

test("a client that is too far behind is told to load its pages again", async () => {
  const box = await follow();
  server.change(1, { data: "a" });
  server.changesFrom = 1;
  await box.synchronize();
  assert.deepEqual([told, resets, box.find("bob")!.changes.through], [[], 1, 1]);
  server.changesFrom = 3;
  server.change(1, { data: "b" });
  box.flow.receive(server.change(2, { data: "c" }));
  await later();
  assert.equal(resets, 2);
});

test("a change that overtakes its message is told with it, not before", async () => {
  const box = await follow(0);
  await box.synchronize();
  const [message] = server.say(1);
  box.flow.receive(server.change(1, { data: "new" }));
  box.receive(message!);
  await later();
  assert.deepEqual(told, ["message 1 new"]);
});

test("a page that was on its way while a message changed has the newer state", async () => {
  const box = await follow();
  const page = await server.page({ before: 9 });
  box.flow.receive(server.change(2, { data: "new" }));
  assert.deepEqual(box.page(page).messages.map((m) => m.data), ["text 3", "new", "text 1"]);
});

test("after the server was restored, changes begin anew, and what is shown is loaded again", async () => {
  server.epochs = [{ epoch: 5, lastSequence: 0 }];
  const box = await follow();
  box.flow.receive(server.change(1, { data: "a" }));
  box.flow.receive(server.change(2, { data: "b" }));
  const late = server.change(3, { data: "late" });
  server.restore(3);
  server.changeCount = 1;
  await box.synchronize();
  assert.deepEqual([resets, box.find("bob")!.changes.through], [1, 1]);
  box.flow.receive(late);
  box.flow.receive(server.change(2, { data: "other" }));
  await later();
  assert.deepEqual(told, ["edited 1 a", "edited 2 b", "edited 2 other"]);
});

test("a live change of a later epoch brings what was restored first", async () => {
  server.epochs = [{ epoch: 5, lastSequence: 0 }];
  const box = await follow();
  server.restore(3);
  box.flow.receive(server.change(2, { data: "new" }));
  await later();
  assert.equal(resets, 1);
  assert.equal(box.find("bob")!.epoch, 15);
  assert.deepEqual(box.page(await server.page({ before: 9 })).messages[1]!.data, "new");
});

test("which reactions are one's own is known without asking, unless more have reacted than are named", async () => {
  const box = await follow();
  const state = () => box.find("bob")!.changes.known(1)!.reactions!.map((r) => `${r.emoji}${r.count}${r.mine ? " mine" : ""}`);
  box.flow.receive(server.change(1, { reactions: [{ emoji: "👍", count: 2, users: ["bob", "alice"] }] }, "alice", "reaction"));
  assert.deepEqual(state(), ["👍2 mine"]);
  box.flow.receive(server.change(1, { reactions: [{ emoji: "👍", count: 7, users: ["b", "c", "d", "e", "f"] }] }, "f", "reaction"));
  assert.deepEqual(state(), ["👍7 mine"]);
  assert.equal(server.changeCalls, 0);
  const other = server.change(1, { reactions: [{ emoji: "👍", count: 6, users: ["b", "c", "d", "e", "f"] }] }, "alice", "reaction");
  box.flow.receive({ ...other, emoji: "👍", removed: true });
  assert.deepEqual([state(), server.changeCalls], [["👍6"], 0]);
  box.flow.receive(server.change(2, { reactions: [{ emoji: "👍", count: 6, users: ["b", "c", "d", "e", "f"] }] }, "f", "reaction"));
  await later();
  assert.equal(server.changeCalls, 1);
});

test("the answer to an own change and its live event are one change", async () => {
  const box = await follow();
  const event = server.change(2, { data: "mine" }, "alice");
  box.flow.answered({ conversation: "d1", change: 1, sequence: 2, message: event.message!, duplicate: false }, { kind: "edited", by: "alice", at: 0 });
  box.flow.receive(event);
  await later();
  assert.deepEqual([told, server.changeCalls], [["edited 2 mine"], 0]);
});

for (const first of ["answer", "live event"]) test(`an own reaction is known as such when the ${first} comes first`, async () => {
  const box = await follow();
  const state = () => box.find("bob")!.changes.known(2)?.reactions!.map((r) => `${r.emoji}${r.count}${r.mine ? " mine" : ""}`);
  const react = (emoji: string, count: number, users: string[], removed = false): void => {
    const event = server.change(2, { reactions: [{ emoji, count, users }] }, "alice", "reaction");
    const { change, message } = event;
    const answer = () => box.flow.answered(
      { conversation: "d1", change, sequence: 2, message, duplicate: false }, { kind: "reaction", by: "alice", at: 0 }, { emoji: emoji.replace("\uFE0F", ""), removed });
    const live = () => box.flow.receive({ ...event, emoji, ...(removed ? { removed } : {}) });
    for (const come of first === "answer" ? [answer, live] : [live, answer]) come();
  };
  react("👍", 1, ["alice"]);
  assert.deepEqual(state(), ["👍1 mine"]);
  react("❤️", 9, ["b", "c", "d", "e", "f"]);
  assert.deepEqual(state(), ["❤️9 mine"]);
  react("❤️", 8, ["b", "c", "d", "e", "f"], true);
  assert.deepEqual(state(), ["❤️8"]);
  await later();
  assert.deepEqual([told.length, server.changeCalls], [3, 0]);
});

test("an old server, which knows nothing of changes, is no harm", async () => {
  const sync = async (request: never): Promise<unknown> => {
    const answer = await server.sync(request);
    return { ...answer, conversations: answer.conversations.map(({ lastChange: _, changed: __, ...rest }) => rest) };
  };
  server.say(2);
  const box = new Inbox({ sync, messages: server.page } as never, "alice", { message: () => {}, marks: () => {}, reset: () => resets++ });
  await box.synchronize();
  await box.synchronize();
  assert.deepEqual([resets, box.find("bob")!.changes.through], [0, undefined]);
});

test("the newest settings count, and marking as unread counts until something is read or written", async () => {
  const box = await follow();
  const conversation = box.find("bob")!;
  conversation.advanceOwn({ delivered: 3, read: 3 });
  assert.equal(conversation.advanceSettings({ conversation: "d1", version: 3, unreadFrom: 2 }), true);
  assert.equal(conversation.advanceSettings({ conversation: "d1", version: 2, archived: true }), false);
  assert.deepEqual([conversation.unread, conversation.settings.archived], [2, undefined]);
  box.receive(server.say(1, "alice")[0]!);
  assert.deepEqual([conversation.unread, conversation.settings.unreadFrom], [0, undefined]);
  conversation.advanceSettings({ conversation: "d1", version: 4, clearedThrough: 4 });
  assert.equal(conversation.lastMessage, undefined);
});

test("mentions are counted until they are read", async () => {
  const box = await follow();
  const conversation = box.find("bob")!;
  conversation.advanceOwn({ delivered: 3, read: 3 });
  const mention = (message: MessageEvent, extra: object): void => box.receive({ ...message, ...extra });
  mention(server.say(1)[0]!, { mentions: ["alice"] });
  mention(server.say(1)[0]!, { mentions: ["carol"] });
  mention(server.say(1)[0]!, { mentionsAll: true });
  assert.equal(conversation.unreadMentions, 2);
  conversation.advanceOwn({ delivered: 6, read: 4 });
  assert.equal(conversation.unreadMentions, 1);
  conversation.noteMentions(3, 6);
  assert.equal(conversation.unreadMentions, 3);
  conversation.advanceOwn({ delivered: 6, read: 6 });
  assert.equal(conversation.unreadMentions, 0);
});

test("a mention that comes with an edit is counted once, until it is read", async () => {
  const box = await follow();
  const conversation = box.find("bob")!;
  conversation.advanceOwn({ delivered: 3, read: 3 });
  const message = { ...server.say(1)[0]!, mentions: ["carol"] };
  box.receive(message);
  assert.equal(conversation.unreadMentions, 0);
  const event = server.change(4, { data: "for all of you" });
  const edited = { ...event, message: { ...event.message!, mentions: ["carol", "alice"] } };
  box.flow.receive(edited);
  box.flow.receive(edited);
  assert.equal(conversation.unreadMentions, 1);
  conversation.advanceOwn({ delivered: 4, read: 4 });
  assert.equal(conversation.unreadMentions, 0);
});

test("a change of which only the number comes is asked for, a little later", async () => {
  const box = await follow();
  box.flow.receive({ ...server.change(2, { data: "new" }), message: undefined });
  await later(200);
  assert.deepEqual([told, server.changeCalls], [[], 0]);
  await later(6_000);
  assert.deepEqual([told, server.changeCalls], [["changed 2 new"], 1]);
});

test("settings that changed while this client was away are told", async () => {
  const box = await follow();
  server.settings = { conversation: "d1", version: 4, archived: true, hiddenSequences: [2] };
  await box.synchronize();
  await box.synchronize();
  assert.deepEqual([settings, box.find("bob")!.settings], [[4], { conversation: "d1", version: 4, archived: true }]);
});
