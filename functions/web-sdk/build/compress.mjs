import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Smaller files are not worth it. Bytes. */
const MIN = 512;

/**
 * Writes a .br and a .gz beside every file, so that the server only has to choose.
 * @param quality Of Brotli, up to 11: each step is smaller and slower.
 */
export async function compress(folder, quality = 11) {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile());
  await Promise.all(files.map(async entry => {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = await readFile(path);
    if (bytes.length < MIN) return;
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }));
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  }));
}
