// Compares two outputs of the app: the same functions, routes and triggers, and in the second nothing of a developer's machine.
// Usage: node same-functions.mjs LOCAL-FOLDER AZURE-FOLDER
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [local, azure] = process.argv.slice(2);
const sorted = value =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]));
const functionsOf = folder => {
  const metadata = JSON.parse(readFileSync(join(folder, "functions.metadata"), "utf8"));
  return metadata.map(({ name, entryPoint, bindings }) => `${name} ${entryPoint} ${JSON.stringify(bindings.map(sorted))}`).sort();
};

const [ofLocal, ofAzure] = [functionsOf(local), functionsOf(azure)];
const problems = [
  ...ofLocal.filter(line => !ofAzure.includes(line)).map(line => `only in ${local}: ${line}`),
  ...ofAzure.filter(line => !ofLocal.includes(line)).map(line => `only in ${azure}: ${line}`),
  ...["host.json", "worker.config.json", ".azurefunctions", "wwwroot/portal/index.html"].filter(file => !existsSync(join(azure, file))).map(file => `missing in ${azure}: ${file}`),
  ...["Vox.DevHost.dll", "Vox.SignalREmulator.dll", "local.settings.json", "development.settings.json"].filter(file => existsSync(join(azure, file))).map(file => `not to be in ${azure}: ${file}`),
];
if (ofLocal.length === 0 || ofLocal.length !== ofAzure.length) problems.push(`${ofLocal.length} functions in ${local}, ${ofAzure.length} in ${azure}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${ofLocal.length} functions, the same in both forms.`);
