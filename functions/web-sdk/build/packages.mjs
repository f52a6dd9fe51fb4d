import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { folder } from "./paths.mjs";
import { declarations, shared } from "./sdk.mjs";

const packages = join(folder, "packages");

/**
 * The dist/ folders of the npm packages. Names are kept: whoever bundles them makes them small.
 * @param js The folder with the files for script tags.
 */
export async function buildPackages(js) {
  await replace(join(packages, "chat", "dist"), async (out) => {
    await build({
      ...shared, minify: false, sourcesContent: true, format: "esm", outdir: out, splitting: true, chunkNames: "shared-[hash]",
      entryPoints: { index: join(folder, "src", "index.ts"), push: join(folder, "src", "push", "index.ts") },
    });
    writeFileSync(join(out, "index.d.ts"), declarations(join(folder, "src", "index.ts")));
    writeFileSync(join(out, "push.d.ts"), declarations(join(folder, "src", "push", "index.ts")));
    for (const file of ["calmsdk-001.js", "vox-push-sw.js"]) copyFileSync(join(js, file), join(out, file));
  });
  await replace(join(packages, "react", "dist"), async (out) => {
    const tsc = join(folder, "node_modules", "typescript", "bin", "tsc");
    execFileSync(process.execPath, [tsc, "-p", join(packages, "react"), "--outDir", out], { stdio: "inherit" });
    copyFileSync(join(packages, "react", "src", "theme.css"), join(out, "theme.css"));
  });
  for (const name of readdirSync(packages)) {
    copyFileSync(join(folder, "..", "server-sdk", "LICENSE"), join(packages, name, "LICENSE"));
  }
}

/** Makes a folder beside the old one, so that nobody reads half of it. */
async function replace(target, make) {
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await make(fresh);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}
