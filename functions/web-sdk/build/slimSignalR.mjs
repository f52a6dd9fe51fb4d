import { readFile } from "node:fs/promises";

const LOG = /^\s*(this\._logger|logger|connection\.logger)\.log\(LogLevel\.\w+, .*\);$/gm;

/**
 * Leaves out what this SDK never uses of SignalR's client: its log (the level is always `None`), and its HTTP clients (we pass our own). That is a
 * tenth of the file for script tags. Line numbers stay the same.
 */
export const slimSignalR = {
  name: "slim-signalr",
  setup(build) {
    build.onLoad({ filter: /@microsoft[\\/]signalr[\\/]dist[\\/]esm[\\/]\w+\.js$/ }, async ({ path }) => {
      const contents = /[\\/]DefaultHttpClient\.js$/.test(path) ? "export class DefaultHttpClient {}" : (await readFile(path, "utf8")).replace(LOG, ";");
      return { contents, loader: "js" };
    });
  },
};
