// What a browser does with a push message: checks who sends it (RFC 8292) and decrypts it (RFC 8291), with http_ece and Node's own
// cryptography. Reads JSON lines and writes a JSON line for each.
import { createECDH, createPublicKey, verify } from "node:crypto";
import { createInterface } from "node:readline";
import ece from "http_ece";

const bytes = text => Buffer.from(text, "base64url");

for await (const line of createInterface({ input: process.stdin })) {
  const push = JSON.parse(line);
  const { t, k } = Object.fromEntries(
    push.authorization.replace(/^vapid /, "").split(",").map(part => part.trim().split(/=(.*)/s).slice(0, 2)));
  const [head, body, signature] = t.split(".");
  const point = bytes(k);
  const key = createPublicKey({
    format: "jwk",
    key: { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") },
  });
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(bytes(push.privateKey));
  const plain = ece.decrypt(
    Buffer.from(push.body, "base64"), { version: "aes128gcm", privateKey: ecdh, authSecret: push.auth });
  process.stdout.write(`${JSON.stringify({
    good: verify("sha256", Buffer.from(`${head}.${body}`), { key, dsaEncoding: "ieee-p1363" }, bytes(signature)),
    algorithm: JSON.parse(bytes(head)).alg,
    claims: JSON.parse(bytes(body)),
    key: k,
    message: JSON.parse(plain.toString("utf8")),
  })}\n`);
}
