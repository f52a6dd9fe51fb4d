import assert from "node:assert/strict";
import { test } from "node:test";
import { GroupList, isGroupId } from "../src/core/GroupList.js";

const GROUP = "gBroadcastABCDEFGHIJKLM";

test("members in bulk go 1,000 in a call, and the results are one", async () => {
  const calls: [string, number][] = [];
  const list = new GroupList(() => ({
    changeGroupMembers: async (_id: string, change: string, ids: string[]) => {
      calls.push([change, ids.length]);
      return { changed: ids.length - 1, refused: [{ id: ids[0], error: "blocked" }] };
    },
  }) as never, "me");
  const ids = Array.from({ length: 2_500 }, (_, i) => `user${i}`);

  const added = await list.addManyMembers(GROUP, ids);
  await list.removeManyMembers(GROUP, ids.slice(0, 3));

  assert.deepEqual(calls, [["add", 1_000], ["add", 1_000], ["add", 500], ["remove", 3]]);
  assert.equal(added.changed, 2_497);
  assert.deepEqual(added.refused.map((one) => one.id), ["user0", "user1000", "user2000"]);
});

test("the id of a broadcast group is the id of a group", () => {
  assert.ok(isGroupId(GROUP));
});

test("a page of members is asked for with its cursor", async () => {
  const asked: unknown[] = [];
  const list = new GroupList(() => ({ groupMembers: async (...args: unknown[]) => (asked.push(args), { total: 0, members: [] }) }) as never, "me");

  await list.members(GROUP);
  await list.members(GROUP, { cursor: "abc", size: 7 });

  assert.deepEqual(asked, [[GROUP, undefined, undefined], [GROUP, "abc", 7]]);
});
