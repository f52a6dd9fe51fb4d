// Known weaknesses of dependencies. Fails on those of high or critical severity that .ci/audit-accepted.json does not list. A registry that has
// no data about weaknesses cannot fail the run, but the output says that nobody looked. Usage: node .ci/audit.mjs
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ci = dirname(fileURLToPath(import.meta.url));
const repository = resolve(ci, "..");
const npmFolders = [
  "functions/host", "functions/server-sdk/node", "functions/web-sdk", "functions/portal", "functions/docs-site", "tests/Vox.FunctionTests/node",
  "tests/Vox.BrowserTests/node", "tests/Vox.BrowserTests/node/stranger", "tests/Vox.InfraTests",
];
const today = (process.env.VOX_AUDIT_DAY ?? new Date().toISOString()).slice(0, 10);

/** Each entry: { "id": "GHSA-…", "reason": "why it cannot hurt here", "until": "2027-01-31" }. After that day it counts again. */
const accepted = JSON.parse(readFileSync(process.env.VOX_AUDIT_ACCEPTED ?? join(ci, "audit-accepted.json"), "utf8"));
for (const entry of accepted) {
  if (!entry.id?.startsWith("GHSA-") || !entry.reason?.trim() || !/^\d{4}-\d\d-\d\d$/.test(entry.until ?? ""))
    throw new Error(`.ci/audit-accepted.json: each entry needs id (GHSA-…), reason and until (a day): ${JSON.stringify(entry)}`);
}

/** What a command wrote, whether or not it succeeded. */
function run(command, args, cwd, seconds) {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", timeout: seconds * 1000, maxBuffer: 64 << 20, stdio: ["ignore", "pipe", "pipe"] });
  } catch (e) {
    return `${e.stdout ?? ""}\n${e.stderr ?? ""}`;
  }
}

const found = [];
const unknown = [];

async function hasData(source) {
  try {
    const index = await (await fetch(source, { signal: AbortSignal.timeout(20_000) })).json();
    return index.resources.some(resource => String(resource["@type"]).startsWith("VulnerabilityInfo"));
  } catch {
    return false;
  }
}

async function nuget() {
  const sources = [...run("dotnet", ["nuget", "list", "source", "--format", "short"], repository, 60).matchAll(/^E\w* (https?:\S+)/gm)].map(m => m[1]);
  const answers = await Promise.all(sources.map(hasData));
  if (!answers.includes(true)) {
    unknown.push("NuGet: no package source has data about weaknesses");
    return;
  }

  // Apart from the build's own restore, which must not fail because of what became known today. Both forms have packages of their own.
  for (const form of [[".", []], ["functions/app", ["-p:FunctionsHost=Azure", "-p:SignalRServicePackage=Official"]]]) {
    const folder = mkdtempSync(join(tmpdir(), "vox-audit-"));
    const output = run("dotnet", ["restore", form[0], ...form[1], "--artifacts-path", folder, "-p:UseArtifactsOutput=true", "-p:RestorePackagesWithLockFile=",
      "-p:NuGetLockFilePath=", "-p:NuGetAudit=true", "-p:NuGetAuditMode=all", "-p:NuGetAuditLevel=low", "-p:TreatWarningsAsErrors=false"], repository, 600);
    rmSync(folder, { recursive: true, force: true });
    for (const [, name, version, severity, id] of output.matchAll(/NU190[1-4]: Package '([^']+)' (\S+) has a known (\w+) severity vulnerability, \S*?(GHSA-[\w-]+)/g))
      found.push({ where: "NuGet", name: `${name} ${version}`, severity, id });
    if (/NU1900/.test(output)) unknown.push("NuGet: the data about weaknesses could not be read");
    if (/error NU11/.test(output)) unknown.push(`NuGet: the packages of ${form[0]} ${form[1].join(" ")} are not served here`);
  }
}

function npm(folder) {
  const output = run("npm", ["audit", "--package-lock-only", "--json", "--fetch-retries=0", "--fetch-timeout=20000"], join(repository, folder), 60);
  let report;
  try {
    report = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
  } catch {
    report = {};
  }

  if (!report.vulnerabilities) {
    unknown.push(`npm, ${folder}: ${report.message ?? "the registry gave no answer"}`);
    return;
  }

  for (const { via } of Object.values(report.vulnerabilities))
    // A text names another package of this list, which has the weakness itself.
    for (const advisory of via.filter(v => typeof v !== "string"))
      found.push({ where: folder, name: `${advisory.name} ${advisory.range}`, severity: advisory.severity, id: /GHSA-[\w-]+/.exec(advisory.url)?.[0] ?? advisory.url });
}

await nuget();
npmFolders.forEach(npm);

let failed = false;
const lines = new Set();
for (const { where, name, severity, id } of found) {
  const entry = accepted.find(a => a.id === id);
  const counts = ["high", "critical"].includes(severity) && !(entry && entry.until >= today);
  failed ||= counts;
  lines.add(`${counts ? "FAILS" : entry ? `accepted until ${entry.until} (${entry.reason})` : "told"}: ${severity}, ${name} in ${where}, ${id}`);
}

console.log("Dependency audit:");
lines.forEach(line => console.log(`  ${line}`));
unknown.forEach(line => console.log(`  NOT CHECKED: ${line}`));
console.log(failed ? "Update these packages, or list them in .ci/audit-accepted.json with a reason."
  : unknown.length > 0 ? "Nothing is known against what could be checked." : "No weakness of high severity is known.");
process.exitCode = failed ? 1 : 0;
