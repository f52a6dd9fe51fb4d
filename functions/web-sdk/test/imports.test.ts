import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** Names, and the names that each of them imports. */
type Graph = Map<string, Set<string>>;

// This file runs as a bundle, in obj/test-<number>/.
const src = fileURLToPath(new URL("../../src/", import.meta.url));

/** Imports of types count as well: whoever reads one file of a circle has to read all of them. */
function filesOfSrc(): Graph {
  const names = readdirSync(src, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(".ts"));
  return new Map(names.map((name) => {
    const found = readFileSync(join(src, name), "utf8").matchAll(/\b(?:from|import)\s*\(?\s*["'](\.[^"']+)\.js["']/g);
    return [name, new Set([...found].map(([, path]) => `${posix.join(posix.dirname(name), path!)}.ts`))];
  }));
}

/** @param folderOf The folder that a file counts as part of. */
function foldersOf(files: Graph, folderOf: (name: string) => string): Graph {
  const folders: Graph = new Map();
  for (const [name, imported] of files) {
    const folder = folderOf(name);
    const others = [...imported].map(folderOf).filter((other) => other !== folder);
    folders.set(folder, new Set([...(folders.get(folder) ?? []), ...others]));
  }
  return folders;
}

/** @returns one circle, with its first name once more at the end, or an empty text. */
function circleIn(graph: Graph): string {
  const harmless = new Set<string>();
  const follow = (name: string, path: string[]): string => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name].join(" → ");
    if (harmless.has(name)) return "";
    for (const next of graph.get(name) ?? []) {
      const circle = follow(next, [...path, name]);
      if (circle) return circle;
    }
    harmless.add(name);
    return "";
  };
  for (const name of graph.keys()) {
    const circle = follow(name, []);
    if (circle) return circle;
  }
  return "";
}

test("every import of src is found", () => {
  const files = filesOfSrc();
  const unknown = [...files].flatMap(([name, imported]) => [...imported].filter((path) => !files.has(path)).map((path) => `${name}: ${path}`));
  assert.deepEqual(unknown, []);
  assert.ok(files.get("core/ChatClient.ts")?.has("api/Http.ts"));
  assert.ok(files.get("index.ts")?.has("core/ChatEvents.ts"));
});

test("files of src do not import each other in a circle", () => {
  assert.equal(circleIn(filesOfSrc()), "");
});

test("folders of src do not import each other in a circle", () => {
  assert.equal(circleIn(foldersOf(filesOfSrc(), (name) => posix.dirname(name))), "");
  // With what is below them: api/wire is a part of api, so base may import neither.
  assert.equal(circleIn(foldersOf(filesOfSrc(), (name) => posix.dirname(name).split("/")[0]!)), "");
});

test("a circle is told by its names", () => {
  assert.equal(circleIn(new Map([["index", new Set(["a"])], ["a", new Set(["b"])], ["b", new Set(["c"])], ["c", new Set(["a"])]])), "a → b → c → a");
  assert.equal(circleIn(new Map([["index", new Set(["a", "b"])], ["a", new Set(["b"])], ["b", new Set<string>()]])), "");
});
