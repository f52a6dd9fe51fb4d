import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { folder } from "./paths.mjs";
import { slimSignalR } from "./slimSignalR.mjs";

/** Most bytes that the file for script tags may have, compressed. */
const LIMIT = 40 * 1024;

// SignalR looks for `require`, to load packages in Node that we do not need (see FetchClient). A bundle has no `require`.
export const shared = { define: { require: "undefined" }, bundle: true, minify: true, sourcemap: true, target: "es2022", platform: "browser", plugins: [slimSignalR], legalComments: "none", logLevel: "warning" };

export async function bundleSdk(out) {
  await build({ ...shared, entryPoints: [join(folder, "src", "script.ts")], format: "iife", outfile: join(out, "calmsdk-001.js") });
  await build({ ...shared, entryPoints: [join(folder, "src", "index.ts")], format: "esm", outfile: join(out, "calmsdk.mjs") });
  await build({ ...shared, entryPoints: [join(folder, "src", "push", "index.ts")], format: "esm", outfile: join(out, "vox-push.mjs") });
  await build({ ...shared, entryPoints: [join(folder, "src", "push", "worker.ts")], format: "iife", outfile: join(out, "vox-push-sw.js") });
  const size = brotliCompressSync(readFileSync(join(out, "calmsdk-001.js"))).length;
  if (size > LIMIT) throw new Error(`calmsdk-001.js has ${size} bytes compressed; ${LIMIT} are allowed.`);
  console.log(`calmsdk-001.js: ${(size / 1024).toFixed(1)} KB compressed`);
  writeFileSync(join(out, "calmsdk.d.mts"), declarations(join(folder, "src", "index.ts")));
}

/** All public declarations of an entry in one file. Every name is unique in src/, so they can stand below each other. */
export function declarations(entry) {
  const out = join(folder, "obj", "types");
  rmSync(out, { recursive: true, force: true });
  const tsc = join(folder, "node_modules", "typescript", "bin", "tsc");
  // tsconfig.json is for checking; without --ignoreConfig the compiler refuses files that are named beside it.
  execFileSync(process.execPath, [
    tsc, "--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--outDir", out, "--rootDir", join(folder, "src"), "--target", "es2022",
    "--module", "esnext",
    "--moduleResolution", "bundler", "--lib", "es2023,dom,dom.iterable", "--strict", "--skipLibCheck", entry,
  ], { stdio: "inherit" });
  const index = join(out, relative(join(folder, "src"), entry).replace(/\.ts$/, ".d.ts"));
  // Only files that a public declaration mentions. SignalR's types, for example, stay outside.
  const files = new Map();
  const reach = file => {
    for (const [, path] of readFileSync(file, "utf8").matchAll(/ from "(\.[^"]*)\.js";/g)) {
      const next = join(dirname(file), `${path}.d.ts`);
      if (files.has(next)) continue;
      files.set(next, readFileSync(next, "utf8"));
      reach(next);
    }
  };
  reach(index);
  const bodies = [...files.values()].map(text => text
    .replace(/^import [^;]*;\n/gm, "")
    .replace(/^export \{[^}]*\};?\n/gm, "")
    .replace(/^export (declare |interface |type |enum )/gm, (_, word) => (word === "declare " ? word : `declare ${word}`).replace("declare interface", "interface").replace("declare type", "type")));
  const names = [...readFileSync(index, "utf8").matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, list]) => list.split(",").map(name => name.trim().replace(/^type /, "")).filter(Boolean));
  const text = `${bodies.join("\n")}\nexport { ${names.join(", ")} };\n`;
  const file = join(folder, "obj", "calmsdk.d.mts");
  writeFileSync(file, text);
  execFileSync(process.execPath, [tsc, "--ignoreConfig", "--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler",
    "--lib", "es2023,dom,dom.iterable", file], { stdio: "inherit" });
  return text;
}
