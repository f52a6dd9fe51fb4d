// One Azurite at a time uses a data folder. It reads its files once, keeps everything in memory and overwrites the files. So a second
// one, or one that starts before the previous one has saved, loses what the other has acknowledged.
//
// A process that wants the folder puts a file into it that names the process, then looks for files of others. If it finds one of a
// living process, it takes its own file back. Two can never both miss the other's file. No file is ever taken over, so none can be
// taken from a living process.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const LEAVING = "leaving";
// After this many milliseconds, an Azurite that nobody has told to leave is taken for that of another app. An app that was killed is
// noticed at once, except while a big database is being written.
const RUNNING_PATIENCE = 10_000;

const output = (command, ...args) => spawnSync(command, args, { encoding: "utf8", windowsHide: true }).stdout ?? "";

/** Tells a process from a later one with the same id: its start time, as the system reports it. Undefined: there is no such process. */
const markOf = {
  linux: pid => {
    try {
      // Fields after the command in parentheses, from the third on: state, …, start (22nd) in clock ticks since the system's start.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
      return "ZX".includes(fields[0]) ? undefined : fields[19];
    } catch {
      return undefined;
    }
  },
  // There is no start time within reach, so the program's name has to do.
  win32: pid => (/\bnode\.exe\b/i.test(output("tasklist", "/FI", `PID eq ${pid}`, "/NH")) ? "node" : undefined),
}[process.platform] ?? (pid => {
  const [state, ...start] = output("ps", "-o", "state=,lstart=", "-p", `${pid}`).trim().split(/\W+/);
  return state && !state.startsWith("Z") ? start.join("-") : undefined;
});

const NAME = /^azurite\.(?<pid>\d+)\.(?<mark>[\w-]+)\.owner$/;

/** The living process, other than this one, that has a file in the folder. */
function ownerOf(folder) {
  for (const name of readdirSync(folder)) {
    const { pid, mark } = NAME.exec(name)?.groups ?? {};
    if (!pid || Number(pid) === process.pid) continue;
    const file = join(folder, name);
    if (markOf(Number(pid)) !== mark) {
      // The process was killed, and its id may belong to another one now.
      rmSync(file, { force: true });
      continue;
    }
    try {
      return { pid, isLeaving: readFileSync(file, "utf8") === LEAVING };
    } catch {
      // It has left at this moment.
    }
  }
  return undefined;
}

/**
 * Completes when the folder belongs to this process alone.
 * @param {string} folder created if it is missing
 * @param {number} patience milliseconds that the previous Azurite may take to save and leave
 */
export async function claimFolder(folder, patience) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `azurite.${process.pid}.${markOf(process.pid)}.owner`);
  const release = () => rmSync(file, { force: true });
  const began = Date.now();
  for (;;) {
    let owner = ownerOf(folder);
    if (!owner) {
      writeFileSync(file, "");
      owner = ownerOf(folder);
      if (!owner) return { release, markLeaving: () => existsSync(folder) && writeFileSync(file, LEAVING) };
      release();
    }
    const waited = Date.now() - began;
    if (waited > patience && owner.isLeaving)
      throw new Error(`The former Azurite (process ${owner.pid}) has not saved and left ${folder} within ${patience / 1000} seconds: `
        + "end that process and start again, or set VOX_DATA to another folder.");
    if (waited > Math.min(patience, RUNNING_PATIENCE) && !owner.isLeaving)
      throw new Error(`The data in ${folder} is in use by another Azurite (process ${owner.pid}): `
        + "stop the app that started it, or set VOX_DATA to another folder.");
    // A random wait, so that two that took their files back do not meet again.
    await setTimeout(20 + Math.random() * 80);
  }
}
