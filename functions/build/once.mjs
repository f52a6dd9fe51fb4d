// If several builds want the same work at the same time, one of them does it and the others wait.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";

const isAlive = pid => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
};

const tryLock = lock => {
  try {
    const file = openSync(lock, "wx");
    writeSync(file, `${process.pid}`);
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    // The lock of a dead process was left behind by a build that was killed. An empty lock is just being written, unless it is old.
    const owner = existsSync(lock) ? readFileSync(lock, "utf8") : "";
    const isOld = existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000;
    if (owner ? !isAlive(Number(owner)) : isOld) rmSync(lock, { force: true });
    return false;
  }
};

/** Whether `stamp` exists and is not older than any of the files. */
export const isNewer = (stamp, files) =>
  existsSync(stamp) && files.every(file => statSync(file).mtimeMs <= statSync(stamp).mtimeMs);

/** Calls `work` under the lock, unless it is done already. */
export async function once(lock, isDone, work) {
  mkdirSync(dirname(lock), { recursive: true });
  while (!isDone()) {
    if (!tryLock(lock)) {
      await setTimeout(200);
      continue;
    }
    try {
      if (!isDone()) await work();
    } finally {
      rmSync(lock, { force: true });
    }
  }
}
