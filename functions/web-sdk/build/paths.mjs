import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const folder = dirname(dirname(fileURLToPath(import.meta.url)));

/** All files that the output depends on. */
export const sources = () => [
  ...["src", "demo", "build", "packages/react/src"].flatMap(name =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath ?? entry.path, entry.name))),
  ...["package.json", "package-lock.json", "tsconfig.json"].map(name => join(folder, name)),
];
