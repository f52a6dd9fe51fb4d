import assert from "node:assert/strict";
import { test } from "node:test";
import type { GroupEvent, GroupEventType } from "../src/api/wire/groups.js";
import { GroupNews } from "../src/core/GroupNews.js";

function event(type: GroupEventType, version: number, members: string[], name = `name ${version}`): GroupEvent {
  return { type, version, members, name, group: "g1", description: "", photo: "", admins: [`admin ${version}`], owner: "alice", by: "alice", time: version };
}

test("events in their order are told as they are", () => {
  const news = new GroupNews();
  for (const one of [event("USER-ADDED", 2, ["bob"]), event("USER-DELETED", 3, ["bob"]), event("USER-ADDED", 4, ["bob"])]) {
    assert.equal(news.take(one), one);
  }
});

test("an event that comes twice is told once, two of one change both", () => {
  const news = new GroupNews();
  assert.ok(news.take(event("GROUP-CREATED", 1, ["alice"])));
  assert.ok(news.take(event("USER-ADDED", 1, ["bob"])));
  assert.equal(news.take(event("USER-ADDED", 1, ["bob"])), undefined);
});

test("a late event tells what is still so, and shows the group as it is now", () => {
  const news = new GroupNews();
  news.take(event("UPDATED-GROUP-INFO", 5, []));
  const late = news.take(event("USER-ADDED", 4, ["bob"]));
  assert.deepEqual([late?.members, late?.name, late?.admins, late?.version], [["bob"], "name 5", ["admin 5"], 5]);
});

test("a late event about a member whom a newer one concerned is old news", () => {
  const news = new GroupNews();
  news.take(event("USER-DELETED", 5, ["bob"]));
  assert.equal(news.take(event("USER-ADDED", 4, ["bob"])), undefined);
  assert.deepEqual(news.take(event("USER-ADDED", 3, ["bob", "carol"]))?.members, ["carol"]);
  assert.equal(news.take(event("UPDATED-GROUP-INFO", 2, [])), undefined);
});

test("nothing is told of a group after its deletion", () => {
  const news = new GroupNews();
  news.take(event("GROUP-DELETED", 9, []));
  assert.equal(news.take(event("USER-ADDED", 8, ["bob"])), undefined);
});
