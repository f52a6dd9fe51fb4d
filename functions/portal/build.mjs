// Checks and bundles the portal into dist/, which becomes wwwroot/portal/ of the function app. Once, when builds run in parallel.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { isNewer, once } from "../build/once.mjs";
import { compress } from "../web-sdk/build/compress.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const stamp = join(folder, "dist", ".built");
const filesOf = path => readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile()).map(entry => join(entry.parentPath ?? entry.path, entry.name));
const sources = () => [
  ...filesOf("src"), ...filesOf("public"),
  ...readdirSync(folder).filter(name => /\.(html|ts|mjs|json)$/.test(name)).map(name => join(folder, name)),
];

await once(join(folder, "obj", "build.lock"), () => isNewer(stamp, sources()), async () => {
  const begun = new Date();
  execFileSync(process.execPath, [join(folder, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", folder], { stdio: "inherit" });
  // Built beside the old output, so that after a failure nothing is half done, and nobody reads half of it meanwhile.
  const fresh = join(folder, "obj", "dist");
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await build({ root: folder, logLevel: "warn", build: { outDir: fresh, emptyOutDir: true } });
  await compress(fresh);
  // The time is that of the begin: files that are changed during the build have to be newer than the stamp.
  writeFileSync(join(fresh, ".built"), begun.toISOString());
  utimesSync(join(fresh, ".built"), begun, begun);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(folder, "dist"));
});
