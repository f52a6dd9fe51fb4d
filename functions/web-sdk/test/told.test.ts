import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryTextStore } from "../src/base/TextStore.js";
import { Told, type ToldOf } from "../src/core/Told.js";

const at = (id: string, position: number, delivered = 0, read = 0): ToldOf => ({ id, told: { position, delivered, read } });

test("before the first log-in everything counts as told, afterwards only what was told", () => {
  const texts = new MemoryTextStore();
  const first = new Told(texts, "p|alice");
  assert.equal(first.of("d1"), undefined);
  first.flush([at("d1", 7, 5, 3)]);
  const later = new Told(texts, "p|alice");
  assert.deepEqual(later.of("d1"), { position: 7, delivered: 5, read: 3 });
  assert.deepEqual(later.of("d2"), { position: 0, delivered: 0, read: 0 });
  assert.equal(new Told(texts, "p|bob").of("d1"), undefined);
});

test("a log-in without any conversation is a log-in too", () => {
  const texts = new MemoryTextStore();
  new Told(texts, "p|alice").flush([]);
  assert.deepEqual(new Told(texts, "p|alice").of("d1"), { position: 0, delivered: 0, read: 0 });
});

test("pages of one browser do not undo what another one has written", () => {
  const texts = new MemoryTextStore();
  const [one, two] = [new Told(texts, "p|alice"), new Told(texts, "p|alice")];
  one.flush([at("d1", 9, 2, 2)]);
  two.flush([at("d1", 4, 4, 1), at("d2", 1)]);
  const later = new Told(texts, "p|alice");
  assert.deepEqual([later.of("d1"), later.of("d2")], [{ position: 9, delivered: 4, read: 2 }, { position: 1, delivered: 0, read: 0 }]);
});

test("a logout leaves nothing in the browser, and the page remembers", () => {
  const texts = new MemoryTextStore();
  const told = new Told(texts, "p|alice");
  told.forget([at("d1", 9)]);
  assert.deepEqual(texts.keys(), []);
  assert.equal(told.of("d1")?.position, 9);
});

test("what is written down is bounded, and what does not fit counts as told", () => {
  const texts = new MemoryTextStore();
  new Told(texts, "p|alice").flush(Array.from({ length: 1_500 }, (_, i) => at(`d${i}`, 1)));
  const later = new Told(texts, "p|alice");
  assert.equal(later.of("d0"), undefined);
  assert.equal(later.of("d1499")?.position, 1);
});
