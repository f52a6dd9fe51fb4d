import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { SendResponse } from "../src/api/wire/messages.js";
import { ChatError } from "../src/base/ChatError.js";
import { MemoryTextStore, type TextStore } from "../src/base/TextStore.js";
import { Outbox, OUTBOX_LIMIT } from "../src/outbox/Outbox.js";
import type { OutboxEntry } from "../src/outbox/OutboxEntry.js";
import { OutboxStore } from "../src/outbox/OutboxStore.js";
import { settle } from "./fakes.js";

let posted: string[];
let accepted: string[];
let changed: string[];
let refused: string[];
let answer: (entry: OutboxEntry) => Promise<SendResponse>;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  posted = [];
  accepted = [];
  changed = [];
  refused = [];
  answer = async (entry) => ({ id: entry.id, conversation: "d1", sequence: posted.length, sentAt: 0, duplicate: false });
});

function entry(id: string, to = "bob"): OutboxEntry {
  return { id, to, data: id, type: 1, clientTime: Number(id.slice(1)), clientSequence: Number(id.slice(1)) };
}

function outbox(texts: TextStore = new MemoryTextStore(), onFull = (): void => {}): Outbox {
  return new Outbox(new OutboxStore(texts, "p|alice", onFull), (e) => (posted.push(e.id), answer(e)), {
    accepted: (e) => accepted.push(e.id),
    changed: (e) => changed.push(`${e.id} ${e.change!.kind} ${e.change!.place?.sequence}`),
    refused: (e, error) => refused.push(`${e.id} ${error.code}`),
  });
}

const offline = async (): Promise<never> => {
  throw new ChatError(503, "network", "", true);
};

async function later(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 500) {
    mock.timers.tick(500);
    await settle();
  }
}

test("messages to one recipient are sent one after the other, in order", async () => {
  const box = outbox();
  await box.start();
  for (const id of ["m1", "m2", "m3"]) box.add(entry(id));
  assert.deepEqual(posted, ["m1"]);
  await settle();
  assert.deepEqual(accepted, ["m1", "m2", "m3"]);
  assert.equal(box.size, 0);
});

test("a lost network is outwaited, and the order is kept", async () => {
  const works = answer;
  answer = offline;
  const box = outbox();
  await box.start();
  box.add(entry("m1"));
  box.add(entry("m2"));
  await later(10_000);
  assert.ok(posted.length > 3 && posted.every((id) => id === "m1"));
  answer = works;
  await later(40_000);
  assert.deepEqual(accepted, ["m1", "m2"]);
});

test("a refused message does not hold up the next", async () => {
  const works = answer;
  answer = async (e) => {
    if (e.id === "m1") throw new ChatError(403, "blocked", "");
    return works(e);
  };
  const box = outbox();
  await box.start();
  box.add(entry("m1"));
  box.add(entry("m2"));
  await settle();
  assert.deepEqual(refused, ["m1 403"]);
  assert.deepEqual(accepted, ["m2"]);
});

test("a message that always breaks the server is given up", async () => {
  answer = async () => {
    throw new ChatError(500, "internal", "", true);
  };
  const box = outbox();
  await box.start();
  box.add(entry("m1"));
  await later(200_000);
  assert.deepEqual(refused, ["m1 500"]);
});

test("one recipient that waits does not hold up another", async () => {
  const works = answer;
  answer = (e) => (e.to === "carol" ? offline() : works(e));
  const box = outbox();
  await box.start();
  box.add(entry("m1", "carol"));
  box.add(entry("m2", "bob"));
  await settle();
  assert.deepEqual(accepted, ["m2"]);
});

test("a reload goes on where the page was, older messages first", async () => {
  const texts = new MemoryTextStore();
  const works = answer;
  answer = offline;
  const before = outbox(texts);
  await before.start();
  for (const id of ["m1", "m2", "m3"]) before.add(entry(id));
  await settle();
  posted = [];
  answer = works;
  const after = outbox(texts);
  after.add(entry("m4"));
  await after.start();
  await settle();
  assert.deepEqual(accepted, ["m1", "m2", "m3", "m4"]);
  assert.deepEqual(texts.keys(), []);
});

test("another user's messages are left alone", async () => {
  const texts = new MemoryTextStore();
  texts.set("vox.outbox|p|bob|x|000000001", JSON.stringify(entry("m1")));
  const box = outbox(texts);
  await box.start();
  await settle();
  assert.deepEqual(posted, []);
});

test("text that is no message is thrown away", async () => {
  const texts = new MemoryTextStore();
  texts.set("vox.outbox|p|alice|x|000000001", "{broken");
  const box = outbox(texts);
  await box.start();
  assert.deepEqual(texts.keys(), []);
});

test("a full storage is reported, and the message is sent all the same", async () => {
  const full: TextStore = { get: () => null, set: () => false, remove: () => {}, keys: () => [] };
  let reports = 0;
  const box = outbox(full, () => reports++);
  await box.start();
  box.add(entry("m1"));
  await settle();
  assert.equal(reports, 1);
  assert.deepEqual(accepted, ["m1"]);
});

test("too many waiting messages are refused at once", async () => {
  const box = outbox();
  for (let i = 1; i <= OUTBOX_LIMIT; i++) box.add(entry(`m${i}`));
  assert.throws(() => box.add(entry("m9999")), { code: 703 });
});

test("the live echo settles a message whose answer was lost", async () => {
  answer = offline;
  const box = outbox();
  await box.start();
  box.add(entry("m1"));
  await settle();
  box.settle("m1", "bob", { id: "m1", conversation: "d1", sequence: 1, sentAt: 0, duplicate: true });
  await later(5_000);
  assert.deepEqual(accepted, ["m1"]);
  assert.equal(posted.length, 1);
});

test("a logout drops what waits and says so", async () => {
  const texts = new MemoryTextStore();
  answer = offline;
  const box = outbox(texts);
  await box.start();
  box.add(entry("m1"));
  await settle();
  box.clear(new ChatError(401, "logged_out", ""));
  await later(60_000);
  assert.deepEqual(refused, ["m1 401"]);
  assert.deepEqual(texts.keys(), []);
  assert.equal(posted.length, 1);
});

test("two thousand messages in a loop are queued, and memory has a bound", async () => {
  answer = offline;
  const box = outbox();
  await box.start();
  for (let i = 1; i <= 2_000; i++) box.add(entry(`m${i}`));
  assert.deepEqual([box.size, refused.length], [2_000, 0]);
  assert.throws(() => box.add({ ...entry("m2001"), data: "x".repeat(16_000_000) }), { code: 703 });
});

function change(id: string, kind: "edit" | "delete" | "react", message: string): OutboxEntry {
  return { ...entry(id), change: { kind, message } };
}

test("changes wait behind the message that they are about, and learn where it is", async () => {
  const works = answer;
  answer = offline;
  const box = outbox();
  await box.start();
  box.add(entry("m1"));
  await settle();
  box.add(change("m2", "edit", "m1"));
  box.add(entry("m3"));
  box.add(change("m4", "react", "m3"));
  answer = works;
  await later(5_000);
  assert.deepEqual(posted.filter((id, i) => id !== posted[i - 1]), ["m1", "m2", "m3", "m4"]);
  assert.deepEqual(accepted, ["m1", "m3"]);
  const places = changed.map((text) => text.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(places, ["m2 edit", "m4 react"]);
  assert.ok(changed.every((text) => !text.includes("undefined")));
});

test("a message that has not left yet is rewritten in place, and one that the server may have is not", async () => {
  const texts = new MemoryTextStore();
  answer = offline;
  const box = outbox(texts);
  await box.start();
  box.add(entry("m1"));
  box.add(entry("m2"));
  await settle();
  assert.equal(box.rewrite("m1", "bob", { data: "new" }), false);
  assert.equal(box.rewrite("m2", "bob", { data: "new" }), true);
  const written = texts.keys().map((key) => (JSON.parse(texts.get(key)!) as OutboxEntry).data);
  assert.deepEqual(written, ["m1", "new"]);
});

test("a message that has not left yet is given up, with the changes that wait for it", async () => {
  answer = offline;
  const box = outbox();
  await box.start();
  box.add(entry("m1"));
  box.add(entry("m2"));
  box.add(change("m3", "react", "m2"));
  await settle();
  const error = new ChatError(409, "cancelled", "");
  assert.equal(box.drop("m1", "bob", error), false);
  assert.equal(box.drop("m2", "bob", error), true);
  assert.deepEqual(refused, ["m2 409", "m3 409"]);
  assert.equal(box.size, 1);
});

test("changes of a message that is refused are refused too", async () => {
  answer = async () => {
    throw new ChatError(403, "blocked", "");
  };
  const box = outbox();
  box.add(entry("m1"));
  box.add(change("m2", "edit", "m1"));
  await box.start();
  await settle();
  assert.deepEqual(refused, ["m1 403", "m2 403"]);
  assert.deepEqual(posted, ["m1"]);
});

test("changes survive a reload, in order; a page of the release before takes them for no message", async () => {
  const texts = new MemoryTextStore();
  const works = answer;
  answer = offline;
  const before = outbox(texts);
  await before.start();
  before.add(entry("m1"));
  before.add(change("m2", "delete", "m1"));
  await settle();
  const written = texts.keys().map((key) => JSON.parse(texts.get(key)!) as { to?: string });
  assert.deepEqual(written.map((e) => typeof e.to), ["string", "undefined"]);
  posted = [];
  answer = works;
  await outbox(texts).start();
  await settle();
  assert.deepEqual([posted, accepted, changed], [["m1", "m2"], ["m1"], ["m2 delete 1"]]);
  assert.deepEqual(texts.keys(), []);
});
