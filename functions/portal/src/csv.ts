export interface CsvRecord { line: number; fields: string[] }

const maxField = 2_000;

/**
 * Reads CSV (RFC 4180) piece by piece, so that only one record is in memory, however long the file is. Fields are separated by commas or
 * semicolons, whichever comes first in the file. Fields in quotes may contain both, and line breaks.
 */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let line = 1, start = 1, field = "", quoted = false, closed = false, afterReturn = false, separator = "";
  let fields: string[] = [];
  // The first comma or semicolon outside quotes decides which of the two is the separator.
  const isSeparator = (c: string) => (separator ? c === separator : c === "," || c === ";");
  const take = () => { fields.push(field); field = ""; closed = false; };
  const finish = (): CsvRecord | undefined => {
    take();
    const record = { line: start, fields };
    fields = [];
    start = line;
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

/** The text of a file in pieces. */
export async function* piecesOf(file: Blob, onRead: (bytes: number) => void): AsyncGenerator<string> {
  const size = 64 * 1024;
  const decoder = new TextDecoder();
  for (let at = 0; at < file.size; at += size) {
    yield decoder.decode(await file.slice(at, at + size).arrayBuffer(), { stream: true });
    onRead(Math.min(file.size, at + size));
  }
  yield decoder.decode();
}

/** One field as it is written. What a spreadsheet would take for a formula becomes text. */
export function csvField(value: string) {
  const safe = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/.test(value) ? "'" + value : value;
  return /[",\r\n\t;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
