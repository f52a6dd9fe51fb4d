// Runs Azurite for the process that holds our standard input. When that process ends, however it ends (even by kill -9), the pipe
// closes. Then we save everything and leave, so that no storage emulator is left behind on its port.
import http from "node:http";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { claimFolder } from "./dataFolder.mjs";
import { saveSoon } from "./saving.mjs";

// With this exit code, the process that started us shows what was printed, and nothing else.
const EXPLAINED = 75;
const AZURITE_SERVERS = 3;
// How long requests that are being answered may take to end, in milliseconds.
const GRACE = 2000;

const require = createRequire(import.meta.url);
const argument = name => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const explain = sentence => {
  console.error(sentence);
  process.exit(EXPLAINED);
};

const servers = [];
let claim, saving;

const close = server => new Promise(resolve => {
  if (!server.listening) return resolve();
  server.prependListener("request", (_, response) => response.setHeader("Connection", "close"));
  server.close(resolve);
  setTimeout(() => server.closeAllConnections(), GRACE).unref();
});

let isLeaving = false;
const leave = async () => {
  if (isLeaving) return;
  isLeaving = true;
  claim?.markLeaving();
  // First stop answering, then save everything that was answered, however long that takes.
  await Promise.all(servers.map(close));
  const isSaved = saving ? await saving.saveAll() : true;
  process.exit(isSaved ? 0 : 1);
};

// Azurite's own signal handlers are not used: they do not say when everything is saved. Ctrl-C and a closed terminal reach the whole
// process group, but the app still needs its storage while it shuts down. The end of our input tells when it no longer does.
const once = process.once.bind(process);
process.once = (event, listener) => (event === "SIGINT" || event === "SIGTERM" ? process : once(event, listener));
process.on("SIGINT", () => {}).on("SIGHUP", () => {}).on("SIGTERM", leave);
process.stdin.on("end", leave).on("error", leave).resume();
process.stdin.unref();
// If nobody reads our output any more, that is no reason to end before everything is saved.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

let azurite;
try {
  azurite = require.resolve("azurite/dist/src/azurite.js");
} catch {
  explain(`Azurite is not installed for ${dirname(process.argv[1])}: set AzureWebJobsStorage to a storage account, `
    + "or run from a clone of the repository, after 'dotnet build'.");
}

const folder = argument("--location");
if (folder) {
  try {
    claim = await claimFolder(folder, Number(process.env.VOX_AZURITE_PATIENCE || 60_000));
  } catch (error) {
    explain(error.message);
  }
  process.on("exit", claim.release);
  saving = saveSoon(createRequire(azurite)("lokijs"));
}

if (process.argv.includes("--inMemoryPersistence")) {
  // Each ten minutes Azurite looks for data that nothing refers to any more. In memory, removing thousands of such pieces takes minutes, in
  // which it answers nobody. All of it is gone with the process.
  for (const part of ["blob", "queue"]) createRequire(azurite)(`./${part}/utils/constants.js`).DEFAULT_GC_INTERVAL_MS = 24 * 3_600_000;
}

const createServer = http.createServer;
http.createServer = (...args) => {
  const server = createServer(...args).once("listening", () => {
    if (servers.filter(each => each.listening).length === AZURITE_SERVERS) console.log("Azurite is ready.");
  });
  servers.push(server);
  return server;
};

if (!isLeaving) require(azurite);
