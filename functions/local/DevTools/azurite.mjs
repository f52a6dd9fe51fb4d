// Runs Azurite for the process that holds our standard input. When that process ends, however it ends (kill -9 too), the pipe
// closes and so do we: no storage emulator is left behind with its port taken.
import { createRequire } from "node:module";

const shutDown = () => {
  // Azurite saves its data and closes its servers on SIGTERM; nothing then keeps this process alive.
  process.emit("SIGTERM");
  setTimeout(() => process.exit(0), 5000).unref();
};

// Ctrl-C reaches the whole process group, but the app still needs its storage while it shuts down.
const once = process.once.bind(process);
process.once = (event, listener) => (event === "SIGINT" ? process : once(event, listener));
process.on("SIGINT", () => {});

process.stdin.on("end", shutDown).on("error", shutDown).resume();
process.stdin.unref();

createRequire(`${process.env.VOX_AZURITE_HOME}/package.json`)("azurite/dist/src/azurite.js");
