// npm ci, once, in the folder that is named, or in the one above.
import { execSync } from "node:child_process";
import { utimesSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isNewer, once } from "./once.mjs";

const folder = process.argv[2] ? resolve(process.argv[2]) : dirname(dirname(fileURLToPath(import.meta.url)));
// npm writes it last, so an installation that was broken off is repeated.
const stamp = join(folder, "node_modules", ".package-lock.json");
const packages = ["package.json", "package-lock.json"].map(file => join(folder, file));

await once(join(folder, "obj", "npm-install.lock"), () => isNewer(stamp, packages), () => {
  execSync("npm ci --no-audit --no-fund --loglevel=error", { cwd: folder, stdio: "inherit" });
  utimesSync(stamp, new Date(), new Date());
});
