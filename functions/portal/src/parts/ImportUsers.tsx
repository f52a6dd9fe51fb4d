import { Alert, Button, FileInput, Group, Progress, Stack, Table, Text, Code } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { ApiError, messageOf, post } from "../api";
import { columnsOf, csvField, piecesOf, readCsv } from "../csv";
import { useForm } from "../form";
import { count } from "../format";
import { ErrorText } from "./Parts";

interface Row { line: number; username: string; password: string }
interface Refused { line: number; username: string; code: string; reason: string }
interface Answer { created: number; present: number; refused: Refused[] }
interface Report { rows: number; created: number; present: number; refused: Refused[]; done: boolean; stopped?: string }

const portion = 100;
const maxRows = 50_000;
const maxBytes = 20_000_000;
const shownRows = 100;

/** Sends a file of users in portions. The server recognises users that it has already, so the same file can be chosen again. */
export function ImportUsers({ projectId, onChanged, onClose, onRunning }: { projectId: string; onChanged: () => void; onClose: () => void; onRunning: (running: boolean) => void }) {
  // Rows of the file, counted before the first is sent: the bar says how much of the work is done, not how much was read.
  const [total, setTotal] = useState(0);
  const [report, setReport] = useState<Report>();
  const cancelled = useRef(false);
  const running = !!report && !report.done;

  useEffect(() => {
    onRunning(running);
    if (!running) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [running, onRunning]);
  // Leaving the page stops the import.
  useEffect(() => () => { cancelled.current = true; }, []);

  const start = async (file: File) => {
    cancelled.current = false;
    const now: Report = { rows: 0, created: 0, present: 0, refused: [], done: false };
    setReport({ ...now });
    try {
      let rows: Row[] = [];
      let columns: { username: number; password: number } | undefined;
      const send = async () => {
        if (rows.length === 0) return;
        const answer = await sendPortion(projectId, rows, cancelled);
        now.rows += rows.length;
        now.created += answer.created;
        now.present += answer.present;
        now.refused.push(...answer.refused);
        rows = [];
        setReport({ ...now });
      };
      const all = await countRows(file);
      setTotal(Math.min(all, maxRows));
      for await (const { line, fields } of readCsv(piecesOf(file))) {
        if (cancelled.current) throw new Error("Cancelled.");
        if (!columns) {
          columns = columnsOf(fields);
          if (columns) continue;
          columns = { username: 0, password: 1 };
        }
        if (now.rows + rows.length === maxRows) throw new Error(`Only the first ${count(maxRows)} rows were taken: put the others into another file.`);
        rows.push({ line, username: fields[columns.username] ?? "", password: fields[columns.password] ?? "" });
        if (rows.length === portion) await send();
      }
      await send();
      if (now.rows === 0) now.stopped = "The file has no rows.";
    } catch (e) {
      now.stopped = messageOf(e);
    }
    setReport({ ...now, done: true });
    onChanged();
  };

  const form = useForm({
    initial: { file: null as File | null },
    check: ({ file }) => {
      if (!file) return "Please choose a CSV file.";
      if (file.size === 0) return "This file is empty.";
      return file.size > maxBytes ? "This file is larger than 20 MB: split it." : undefined;
    },
    submit: ({ file }) => start(file!),
  });
  const { file } = form.values;

  const download = () => {
    const text = "\uFEFFLine,Username,Code,Reason\r\n" + report!.refused.map(r => [String(r.line), r.username, r.code, r.reason].map(csvField).join(",") + "\r\n").join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = "refused-rows.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  };

  if (report)
    return (
      <Stack>
        <Progress value={report.done && !report.stopped ? 100 : total ? (report.rows / total) * 100 : 0} aria-label="Progress of the import" animated={running} />
        <Text role="status" size="sm">
          {running ? `Importing… ${count(report.rows)} of ${count(total)} rows: ` : "Finished: "}{count(report.created)} users created{report.present > 0 && `, ${count(report.present)} were there already`}, {count(report.refused.length)} rows refused.
        </Text>
        {running && <Text size="sm" c="dimmed">Passwords are hashed at a cost: 1,000 rows take about a minute or two. Keep this page open.</Text>}
        {report.stopped && <Alert color="orange" variant="light" role="alert" title={`Stopped after ${count(report.rows)} rows`}>{report.stopped} To go on, choose the same file again: users that are there already are recognised.</Alert>}
        {report.refused.length > 0 && (
          <>
            <Table.ScrollContainer minWidth={400} maxHeight={260}>
              <Table verticalSpacing={4}>
                <Table.Thead><Table.Tr><Table.Th>Line</Table.Th><Table.Th>Username</Table.Th><Table.Th>Reason</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {report.refused.slice(0, shownRows).map((row, i) => (
                    <Table.Tr key={i}><Table.Td>{row.line}</Table.Td><Table.Td style={{ overflowWrap: "anywhere" }}><bdi>{row.username}</bdi></Table.Td><Table.Td>{row.reason}</Table.Td></Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {report.refused.length > shownRows && <Text size="sm" c="dimmed">The first {shownRows}; the file has all.</Text>}
          </>
        )}
        <Group>
          {running
            ? <Button variant="default" onClick={() => { cancelled.current = true; }}>Stop</Button>
            : <>
                <Button onClick={onClose}>Done</Button>
                {report.stopped && <Button variant="default" onClick={() => { setReport(undefined); setTotal(0); }}>Choose a file</Button>}
              </>}
          {report.done && report.refused.length > 0 && <Button variant="default" leftSection={<IconDownload size={16} />} onClick={download}>Download refused rows</Button>}
        </Group>
      </Stack>
    );
  return (
    <Stack>
      <Text size="sm">A CSV file with the columns <Code>username</Code> and <Code>password</Code>, up to {count(maxRows)} rows. Users that exist already are not changed.</Text>
      <FileInput label="CSV file" placeholder="Choose a file" accept=".csv,text/csv,text/plain" leftSection={<IconUpload size={16} />} value={file} onChange={chosen => { form.set("file", chosen); form.setError(undefined); }} clearable clearButtonProps={{ "aria-label": "Clear the file" }} required />
      <ErrorText>{form.error}</ErrorText>
      <Button w="fit-content" onClick={form.submit}>Import</Button>
    </Stack>
  );
}

/** How many rows a file has, without its header. */
async function countRows(file: File) {
  let rows = 0;
  for await (const { fields } of readCsv(piecesOf(file))) if (rows > 0 || !columnsOf(fields)) rows++;
  return rows;
}

/** Tries again where that may help. Repeating is harmless: the server recognises users that it has already. */
async function sendPortion(projectId: string, rows: Row[], cancelled: { current: boolean }): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await post<Answer>(`projects/${projectId}/users/import`, { rows });
    } catch (e) {
      const again = e instanceof ApiError && (e.status === 0 || e.status === 429 || e.status >= 500);
      if (!again || attempt === 5 || cancelled.current) throw e;
      await new Promise(resolve => setTimeout(resolve, attempt * 2_000));
    }
  }
}
