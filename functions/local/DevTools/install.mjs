// npm ci in the folder above, or the one that is named, once: builds that run at the same time wait for the one that installs.
import { execSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const folder = process.argv[2] ? resolve(process.argv[2]) : dirname(dirname(fileURLToPath(import.meta.url)));
const lock = join(folder, "obj", "npm-install.lock");
// npm writes it last, so an installation that was broken off is repeated.
const stamp = join(folder, "node_modules", ".package-lock.json");

const isCurrent = () => existsSync(stamp)
  && ["package.json", "package-lock.json"].every(file => statSync(join(folder, file)).mtimeMs <= statSync(stamp).mtimeMs);

const isAlive = pid => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
};

const tryLock = () => {
  try {
    const file = openSync(lock, "wx");
    writeSync(file, `${process.pid}`);
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    // Left behind by a build that was killed. An empty one is just being written, unless it is old.
    const owner = existsSync(lock) ? readFileSync(lock, "utf8") : "";
    const isOld = existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000;
    if (owner ? !isAlive(Number(owner)) : isOld) rmSync(lock, { force: true });
    return false;
  }
};

mkdirSync(dirname(lock), { recursive: true });
while (!isCurrent()) {
  if (!tryLock()) {
    await setTimeout(200);
    continue;
  }
  try {
    if (!isCurrent()) {
      execSync("npm ci --no-audit --no-fund --loglevel=error", { cwd: folder, stdio: "inherit" });
      utimesSync(stamp, new Date(), new Date());
    }
  } finally {
    rmSync(lock, { force: true });
  }
}
