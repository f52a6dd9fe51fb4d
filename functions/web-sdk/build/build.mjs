// Checks and bundles the SDK and the demo into dist/, which becomes wwwroot/ of the function app, and builds the npm packages. Once, when builds run in parallel.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once, isNewer } from "../../build/once.mjs";
import { folder, sources } from "./paths.mjs";
import { bundleDemo } from "./demo.mjs";
import { buildPackages } from "./packages.mjs";
import { bundleSdk } from "./sdk.mjs";
import { compress } from "./compress.mjs";

// The stamp is inside dist/, so that whoever deletes the output gets it built again.
const stamp = join(folder, "dist", ".built");
const force = process.argv.includes("--force");
let built = false;

await once(join(folder, "obj", "build.lock"), () => built || (!force && isNewer(stamp, sources())), async () => {
  const begun = new Date();
  execFileSync(process.execPath, [join(folder, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", folder], { stdio: "inherit" });
  // Built beside the old output, so that after a failure nothing is half done, and nobody reads half of it meanwhile.
  const fresh = join(folder, "obj", "dist");
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await bundleSdk(join(fresh, "js"));
  await buildPackages(join(fresh, "js"));
  await bundleDemo(join(fresh, "demo"));
  await compress(fresh);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(folder, "dist"));
  // The time is that of the begin: files that are changed during the build have to be newer than the stamp.
  writeFileSync(stamp, begun.toISOString());
  utimesSync(stamp, begun, begun);
  built = true;
});
