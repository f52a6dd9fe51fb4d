import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Http } from "../src/api/Http.js";
import { ServerClock } from "../src/base/ServerClock.js";
import { Session } from "../src/core/Session.js";
import { settle } from "./fakes.js";

let refreshes: number;
let status: number;
let session: Session;
let steady: number;
const realFetch = globalThis.fetch;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  refreshes = 0;
  steady = 0;
  status = 200;
  globalThis.fetch = (async (address: string) => {
    if (address.endsWith("/refresh")) refreshes++;
    const body = status === 200
      ? { accessToken: `a${refreshes}`, expiresIn: 60, refreshToken: `r${refreshes}`, loginId: "alice", realtimeUser: "p:alice", serverTime: Date.now() + 5_000 }
      : { code: "invalid_refresh_token", retryable: false };
    return new Response(JSON.stringify(body), { status });
  }) as typeof fetch;
  const http = new Http("http://server");
  session = new Session(http, new ServerClock(() => steady));
  http.tokens = session;
});

afterEach(() => {
  session.end();
  globalThis.fetch = realFetch;
});

test("tokens are renewed before they expire", async () => {
  await session.logIn("p", "alice", "secret");
  mock.timers.tick(46_000);
  await settle();
  assert.equal(refreshes, 1);
  assert.equal(await session.accessToken(), "a1");
});

test("a token provider is asked before the session ends and when the session is refused", async () => {
  const asked: string[] = [];
  const bodies: Record<string, unknown>[] = [];
  let refuse = false;
  globalThis.fetch = (async (address: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as Record<string, unknown>;
    bodies.push({ ...body, path: address.split("/v1/")[1] });
    if (refuse && address.endsWith("/refresh")) return new Response(JSON.stringify({ code: "invalid_refresh_token", retryable: false }), { status: 401 });
    const answer = { accessToken: `a${bodies.length}`, expiresIn: 60, refreshToken: `r${bodies.length}`, loginId: "alice", realtimeUser: "p:alice", serverTime: Date.now() };
    // The session lives for 180 seconds from each new token on.
    if (body["token"]) ends = Date.now() + 180_000;
    return new Response(JSON.stringify({ ...answer, sessionExpiresIn: (ends - Date.now()) / 1_000 }), { status: 200 });
  }) as typeof fetch;
  let ends = 0;
  const tokenProvider = async () => {
    asked.push(`t${asked.length + 1}`);
    return asked[asked.length - 1]!;
  };
  await session.logInWithToken("p", { token: "t0", tokenProvider });
  for (let second = 0; second < 140; second += 5) {
    mock.timers.tick(5_000);
    await settle();
  }
  // After 45 seconds there is no need; at 90 or 135 the session has less than 90 seconds left.
  assert.deepEqual(bodies.map(({ path, token }) => [path, token]), [
    ["sessions", "t0"], ["sessions/refresh", undefined], ["sessions/refresh", undefined], ["sessions/refresh", "t1"],
  ]);
  refuse = true;
  assert.equal(await session.accessToken("a4"), `a${bodies.length}`);
  assert.deepEqual([bodies[5]!["path"], bodies[5]!["token"], bodies[5]!["loginId"]], ["sessions", "t2", "alice"]);
});

test("a token provider that fails is asked again, and the session lives on meanwhile", async () => {
  let asked = 0;
  let ended = 0;
  session.onEnded = () => ended++;
  globalThis.fetch = (async () => new Response(JSON.stringify({
    accessToken: `a${asked}`, expiresIn: 60, refreshToken: "r", loginId: "alice", realtimeUser: "p:alice", serverTime: Date.now(), sessionExpiresIn: 60,
  }), { status: 200 })) as typeof fetch;
  await session.logInWithToken("p", {
    tokenProvider: () => {
      if (++asked === 2) throw new Error("no network");
      return "t";
    },
  });
  mock.timers.tick(46_000);
  await settle();
  assert.equal(asked, 2);
  assert.equal(await session.accessToken(), "a1");
  mock.timers.tick(5_000);
  await settle();
  assert.equal(asked, 3);
  assert.equal(await session.accessToken(), "a3");
  assert.equal(ended, 0);
});

test("an expired token is renewed once for all who wait", async () => {
  await session.logIn("p", "alice", "secret");
  mock.timers.setTime(1_000_000 + 70_000);
  const tokens = await Promise.all([session.accessToken(), session.accessToken(), session.accessToken()]);
  assert.deepEqual([...new Set(tokens)], [`a${refreshes}`]);
  assert.equal(refreshes, 1);
});

test("a refused token is renewed, a refusal that came late is not", async () => {
  await session.logIn("p", "alice", "secret");
  assert.equal(await session.accessToken("a0"), "a1");
  assert.equal(await session.accessToken("a0"), "a1");
  assert.equal(refreshes, 1);
});

test("a session that the server has ended is reported once", async () => {
  await session.logIn("p", "alice", "secret");
  let ended = 0;
  session.onEnded = () => ended++;
  status = 401;
  await assert.rejects(session.accessToken("a0"), { code: 401 });
  await assert.rejects(session.accessToken(), { code: 401, reason: "logged_out" });
  assert.equal(ended, 1);
});

test("the difference between the clocks is known", async () => {
  await session.logIn("p", "alice", "secret");
  assert.equal(session.clock.offset, 5_000);
});

test("times stay right when somebody sets the clock of the device", async () => {
  await session.logIn("p", "alice", "secret");
  steady += 10_000;
  mock.timers.setTime(1_000_000 + 3_600_000);
  assert.equal(session.clock.now, 1_000_000 + 5_000 + 10_000);
  assert.equal(session.clock.offset, 15_000 - 3_600_000);
});

test("after the machine has slept, the next answer sets the clock", async () => {
  await session.logIn("p", "alice", "secret");
  session.clock.check(1_005_000 + 3_600_000, 200);
  assert.equal(session.clock.now, 1_005_000 + 3_600_000);
  session.clock.check(1_005_000 + 3_600_000 - 1_500, 1_000);
  assert.equal(session.clock.now, 1_005_000 + 3_600_000);
});
