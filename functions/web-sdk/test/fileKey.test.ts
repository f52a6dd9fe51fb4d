import assert from "node:assert/strict";
import { test } from "node:test";
import { isKey, sanitise } from "../src/files/fileKey.js";
import { transferOf } from "../src/core/outgoing.js";

test("names keep blanks, marks and letters of any script", () => {
  for (const name of ["Screenshot from 2018-01-12 16-29-44.png", "मेरी तस्वीर.jpg", "รูปที่ฉันถ่าย.jpg", "தமிழ்.jpg", "שָׁלוֹם.jpg", "𠮷野.jpg"]) {
    assert.equal(sanitise(name), name.normalize("NFC"));
  }
  assert.equal(sanitise("Cafe\u0301.png"), "Café.png");
  assert.equal(sanitise("1\uFE0F\u20E3.png"), "1\uFE0F_.png");
  assert.equal(sanitise(" ../a\u202Eb. "), "_a_b");
});

test("a key is no address and no path", () => {
  for (const key of ["abcdefghijklmno_a b.png", "thumb_abcdefghijklmno_नमस्ते.png", "key.png"]) assert.ok(isKey(key), key);
  for (const text of ["", "https://example.com/a.png", "//example.com", "../../../portal/", "..", "..%2fportal", "data:image/png,x", "a\"b"]) {
    assert.ok(!isKey(text), text);
  }
});

test("a thumbnail on another server does not keep a file from being sent", () => {
  const stamp = { clientTime: 1, clientSequence: 1 };
  const file = new Blob(["film"], { type: "video/mp4" });
  assert.equal(transferOf({ to: "bob", file, name: "a.mp4", thumbnailUrl: "https://example.com/a.png" }, stamp).thumbnailUrl, undefined);
  assert.equal(transferOf({ to: "bob", file, name: "a.mp4", thumbnailUrl: "thumb_key.png" }, stamp).thumbnailUrl, "thumb_key.png");
});
