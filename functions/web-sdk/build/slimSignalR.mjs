import { readFile } from "node:fs/promises";

const LOG = /^\s*(this\._logger|logger|connection\.logger)\.log\(LogLevel\.\w+, .*\);$/gm;

/** We pass our own HTTP client, and connect anew instead of asking for a stateful reconnect, which alone has a buffer of messages. */
const UNUSED = ["DefaultHttpClient", "MessageBuffer"];

/**
 * Leaves out what this SDK never uses of SignalR's client: its log (the level is always `None`), and {@link UNUSED}. That is an eighth of the file
 * for script tags. Line numbers stay the same.
 */
export const slimSignalR = {
  name: "slim-signalr",
  setup(build) {
    build.onLoad({ filter: /@microsoft[\\/]signalr[\\/]dist[\\/]esm[\\/]\w+\.js$/ }, async ({ path }) => {
      const unused = UNUSED.find(name => path.endsWith(`${name}.js`));
      const contents = unused ? `export class ${unused} {}` : (await readFile(path, "utf8")).replace(LOG, ";");
      return { contents, loader: "js" };
    });
  },
};
