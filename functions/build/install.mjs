// Runs npm ci once in the named folder. The builds that need npm packages call it: functions/host (Azurite), functions/app (for
// functions/web-sdk, functions/portal and functions/docs-site), tests/Vox.FunctionTests and tests/Vox.BrowserTests (their node folders).
import { execSync } from "node:child_process";
import { utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { isNewer, once } from "./once.mjs";

if (!process.argv[2]) throw new Error("Name the folder of a package.json: node install.mjs functions/host");
const folder = resolve(process.argv[2]);
// npm writes this file last, so an interrupted installation is repeated.
const stamp = join(folder, "node_modules", ".package-lock.json");
const packages = ["package.json", "package-lock.json"].map(file => join(folder, file));

await once(join(folder, "obj", "npm-install.lock"), () => isNewer(stamp, packages), () => {
  execSync("npm ci --no-audit --no-fund --loglevel=error", { cwd: folder, stdio: "inherit" });
  utimesSync(stamp, new Date(), new Date());
});
