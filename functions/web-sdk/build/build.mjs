// Checks and bundles the SDK and the demo into dist/, which becomes wwwroot/ of the function app. Once, when builds run in parallel.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once, isNewer } from "../../build/once.mjs";
import { folder, sources } from "./paths.mjs";
import { bundleDemo } from "./demo.mjs";
import { bundleSdk } from "./sdk.mjs";
import { compress } from "./compress.mjs";

// Inside, so that whoever deletes the output gets it anew.
const stamp = join(folder, "dist", ".built");
const force = process.argv.includes("--force");
let built = false;

await once(join(folder, "obj", "build.lock"), () => built || (!force && isNewer(stamp, sources())), async () => {
  const begun = new Date();
  execFileSync(process.execPath, [join(folder, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", folder], { stdio: "inherit" });
  // Beside the old output, so that a failure, or a reader at the same time, sees nothing half done.
  const fresh = join(folder, "obj", "dist");
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await bundleSdk(join(fresh, "js"));
  await bundleDemo(join(fresh, "demo"));
  await compress(fresh);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(folder, "dist"));
  // What was changed during the build is newer than the stamp.
  writeFileSync(stamp, begun.toISOString());
  utimesSync(stamp, begun, begun);
  built = true;
});
