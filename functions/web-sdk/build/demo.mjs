import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { folder } from "./paths.mjs";
import { slimSignalR } from "./slimSignalR.mjs";

/** Script and style with a hash in the name, so that browsers may keep them for ever; the page that names them is small. */
export async function bundleDemo(out) {
  mkdirSync(out, { recursive: true });
  const { metafile } = await build({
    entryPoints: [join(folder, "demo", "app.ts"), join(folder, "demo", "app.css")],
    bundle: true, plugins: [slimSignalR], minify: true, sourcemap: true, target: "es2022", format: "esm", outdir: out, entryNames: "[name]-[hash]",
    metafile: true, legalComments: "none", logLevel: "warning",
  });
  const names = Object.keys(metafile.outputs).map(path => basename(path));
  const page = readFileSync(join(folder, "demo", "index.html"), "utf8")
    .replace("{{script}}", names.find(name => name.endsWith(".js")))
    .replace("{{style}}", names.find(name => name.endsWith(".css")));
  writeFileSync(join(out, "index.html"), page);
}
