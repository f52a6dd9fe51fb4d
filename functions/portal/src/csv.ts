export interface CsvRecord { line: number; fields: string[] }

const maxField = 2_000;

/**
 * Reads CSV (RFC 4180) piece by piece, so that only one record is in memory, however long the file is. Fields are separated by commas,
 * semicolons or tabs, whichever comes first in the file, or by what Excel's own first line says (`sep=;`). Fields in quotes may contain
 * all of them, and line breaks.
 */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let line = 1, start = 1, field = "", quoted = false, closed = false, afterReturn = false, separator = "";
  let fields: string[] = [];
  // The first comma, semicolon or tab outside quotes decides which of them is the separator.
  const isSeparator = (c: string) => (separator ? c === separator : c === "," || c === ";" || c === "\t");
  const take = () => { fields.push(field); field = ""; closed = false; };
  const finish = (): CsvRecord | undefined => {
    take();
    const record = { line: start, fields };
    fields = [];
    start = line;
    const named = record.line === 1 ? separatorOf(record.fields) : undefined;
    if (named !== undefined) {
      separator = named || separator;
      return undefined;
    }
    // Empty lines are skipped.
    return record.fields.length > 1 || record.fields[0] !== "" ? record : undefined;
  };

  for await (const piece of pieces) {
    for (const c of piece) {
      const second = afterReturn && c === "\n";
      afterReturn = c === "\r";
      if (second && !quoted) continue;
      if (!second && (c === "\n" || c === "\r")) line++;
      if (quoted) {
        if (c === '"') { quoted = false; closed = true; } else field += c;
      } else if (c === '"' && closed) {
        // Two quotation marks inside quotes mean one.
        field += c;
        quoted = true;
        closed = false;
      } else if (c === '"' && field === "") {
        quoted = true;
      } else if (isSeparator(c)) {
        separator = c;
        take();
      } else if (c === "\n" || c === "\r") {
        const record = finish();
        if (record) yield record;
      } else {
        field += c;
      }
      if (field.length > maxField) throw new Error(`Line ${start} has a field of more than ${maxField.toLocaleString()} characters. Perhaps a quotation mark is not closed.`);
    }
  }
  if (quoted) throw new Error(`A quotation mark that is opened in line ${start} is never closed.`);
  const last = finish();
  if (last) yield last;
}

/** The separator that Excel's line `sep=;` names. A separator that was recognised as one has split the line already. */
function separatorOf(fields: string[]): string | undefined {
  const line = fields.length === 2 && fields[1] === "" ? fields[0] : fields.length === 1 ? fields[0] : "";
  if (!/^sep=.?$/i.test(line)) return undefined;
  return line[4] ?? "";
}

const usernames = ["username", "loginid", "login", "user", "userid", "name", "email"];
const passwords = ["password", "pass"];

/** Where the columns are that a header names, whatever the case, with blanks or not; undefined when the record is no header. */
export function columnsOf(fields: string[]): { username: number; password: number } | undefined {
  const names = fields.map(name => name.toLowerCase().replace(/[\s_-]/g, ""));
  const find = (wanted: string[]) => wanted.map(name => names.indexOf(name)).find(at => at >= 0) ?? -1;
  const columns = { username: find(usernames), password: find(passwords) };
  if (columns.username >= 0 && columns.password >= 0) return columns;
  if (names.includes("username")) throw new Error("The header has no column “password”.");
  return undefined;
}

const size = 64 * 1024;

/**
 * How a file was written. Excel writes UTF-16 or UTF-8 with a mark at the beginning, or the old Windows characters without one. Text that is valid
 * UTF-8 is nothing else: by chance, other characters hardly ever form it.
 */
export async function encodingOf(file: Blob): Promise<string> {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const strict = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < file.size; at += size) strict.decode(await file.slice(at, at + size).arrayBuffer(), { stream: true });
    strict.decode();
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** The text of a file in pieces. */
export async function* piecesOf(file: Blob): AsyncGenerator<string> {
  const decoder = new TextDecoder(await encodingOf(file));
  for (let at = 0; at < file.size; at += size) {
    yield decoder.decode(await file.slice(at, at + size).arrayBuffer(), { stream: true });
  }
  yield decoder.decode();
}

/** One field as it is written. What a spreadsheet would take for a formula becomes text. */
export function csvField(value: string) {
  const safe = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/.test(value) ? "'" + value : value;
  return /[",\r\n\t;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
