import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { FirstScreen } from "../src/callback/FirstScreen.js";

let screen: FirstScreen;
let seen: string[];

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  seen = [];
  screen = new FirstScreen();
  screen.close();
  screen.pass(() => seen.push("pending"));
});

test("what is pending waits for the recents, and for what the app asks for in their callback", () => {
  screen.begin();
  screen.ask();
  mock.timers.tick(5_000);
  assert.deepEqual(seen, []);
  screen.answered(true);
  screen.ask();
  mock.timers.tick(1);
  assert.deepEqual(seen, []);
  screen.answered(false);
  mock.timers.tick(1);
  assert.deepEqual(seen, ["pending"]);
  screen.pass(() => seen.push("live"));
  assert.deepEqual(seen, ["pending", "live"]);
});

test("contacts alone are not the first screen, so the recents may still be asked for", () => {
  screen.begin();
  screen.ask();
  screen.answered(false);
  mock.timers.tick(900);
  assert.deepEqual(seen, []);
  screen.ask();
  mock.timers.tick(200);
  assert.deepEqual(seen, []);
  screen.answered(true);
  mock.timers.tick(1);
  assert.deepEqual(seen, ["pending"]);
});

test("an app that asks for nothing does not wait long, and one that gets no answer not for ever", () => {
  screen.begin();
  mock.timers.tick(1_001);
  assert.deepEqual(seen, ["pending"]);
  screen.close();
  screen.pass(() => seen.push("more"));
  screen.begin();
  screen.ask();
  mock.timers.tick(30_001);
  assert.deepEqual(seen, ["pending", "more"]);
});

test("what is held for one user is not told to the next", () => {
  screen.drop();
  mock.timers.tick(30_001);
  assert.deepEqual(seen, []);
});
