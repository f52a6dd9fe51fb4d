// Bundles test/*.test.ts and runs them with Node's own test runner.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { folder } from "./paths.mjs";
import { slimSignalR } from "./slimSignalR.mjs";

// Each run has a folder of its own, because several may run at the same time.
const out = join(folder, "obj", `test-${process.pid}`);
const entryPoints = readdirSync(join(folder, "test")).filter(name => name.endsWith(".test.ts")).map(name => join(folder, "test", name));
await build({ entryPoints, bundle: true, plugins: [slimSignalR], define: { require: "undefined" }, platform: "node", mainFields: ["module", "main"], format: "esm", target: "es2022", outdir: out, outExtension: { ".js": ".mjs" }, sourcemap: "inline", logLevel: "warning" });
const files = readdirSync(out).filter(name => name.endsWith(".test.mjs")).map(name => join(out, name));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
rmSync(out, { recursive: true, force: true });
process.exit(status ?? 1);
