import "@mantine/dates/styles.css";
import { Anchor, Button, Pagination, SimpleGrid, Stack, Table, Text, TextInput } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { get, href, type HistoryRow } from "../api";
import { dateTime } from "../format";
import { useAction, useLoad } from "../hooks";
import { CardTable, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";

export function History() {
  const { project } = useProject();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [group, setGroup] = useState("");
  const [start, setStart] = useState<string | null>(null);
  const [end, setEnd] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const utc = (local: string | null) => (local ? new Date(local.replace(" ", "T")).toISOString() : "");
  const [query] = useDebouncedValue(new URLSearchParams({ from, to, group, start: utc(start), end: utc(end) }).toString(), 300);
  useEffect(() => setPage(1), [query]);
  const history = useLoad<{ rows: HistoryRow[]; more: boolean }>(`projects/${project.id}/history?${query}&page=${page}&size=50`);
  const filtered = !!(from || to || group || start || end);

  return (
    <Page title="Usage History" actions={<Button component="a" href={href(`projects/${project.id}/history.csv?${query}`)} download variant="default" leftSection={<IconDownload size={16} />}>Export CSV</Button>}>
      {!project.logEnabled && <Text c="dimmed">Chat logs are disabled for this project: new messages do not appear here.</Text>}
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
        <TextInput label="From user" value={from} onChange={event => setFrom(event.currentTarget.value)} />
        <TextInput label="To user" value={to} onChange={event => setTo(event.currentTarget.value)} />
        <TextInput label="Group" value={group} onChange={event => setGroup(event.currentTarget.value)} />
        <DateTimePicker label="Since" clearable value={start} onChange={setStart} />
        <DateTimePicker label="Until" clearable value={end} onChange={setEnd} />
      </SimpleGrid>
      <Loaded of={history}>
        {data => data.rows.length === 0 ? (
          <Empty>{filtered ? "No message matches." : "No messages yet."}</Empty>
        ) : (
          <>
            <CardTable minWidth={720}>
              <Table striped verticalSpacing="xs">
                <Table.Thead><Table.Tr><Table.Th>From</Table.Th><Table.Th>To</Table.Th><Table.Th>Group</Table.Th><Table.Th>Data</Table.Th><Table.Th>File</Table.Th><Table.Th>Date and time</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {data.rows.map((row, i) => (
                    <Table.Tr key={i}>
                      <Table.Td><bdi>{row.from}</bdi></Table.Td><Table.Td><bdi>{row.to}</bdi></Table.Td><Table.Td><bdi>{row.group}</bdi></Table.Td>
                      <Table.Td style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{row.erased
                        ? <Text size="sm" c="dimmed" fs="italic">{row.deleted ? "Deleted for everyone" : "Erased"}</Text>
                        : <>
                          <Text size="sm" lineClamp={4}>{row.data}</Text>
                          {row.editedAt && <Text size="xs" c="dimmed">Edited {dateTime(row.editedAt)}</Text>}
                          {row.editedAt && <EarlierTexts key={`${row.conversation} ${row.sequence} ${row.editedAt}`} row={row} />}
                        </>}</Table.Td>
                      <Table.Td style={{ overflowWrap: "anywhere" }}>{row.fileAddress && <Anchor href={row.fileAddress} target="_blank" rel="noreferrer" size="sm" underline="always">{row.file}</Anchor>}</Table.Td><Table.Td style={{ whiteSpace: "nowrap" }}>{dateTime(row.time)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </CardTable>
            <Pagination value={page} onChange={setPage} total={data.more ? page + 1 : page} getControlProps={control => ({ "aria-label": `${control} page` })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** What an edited message said before. It is asked for only when somebody wants to see it. */
function EarlierTexts({ row }: { row: HistoryRow }) {
  const { project } = useProject();
  const [texts, setTexts] = useState<{ data: string; writtenAt: string }[]>();
  const { busy, error, run } = useAction();
  const show = () => run(async () => {
    setTexts((await get<{ texts: { data: string; writtenAt: string }[] }>(`projects/${project.id}/history/${encodeURIComponent(row.conversation)}/${row.sequence}/versions`)).texts);
  });

  if (!texts) return (
    <>
      <Button size="compact-xs" variant="default" mt={4} loading={busy} onClick={() => void show()}>Earlier texts</Button>
      <ErrorText>{error}</ErrorText>
    </>
  );
  if (texts.length === 0) return <Text size="xs" c="dimmed">No earlier text was kept.</Text>;
  return (
    <Stack component="ul" gap={4} mt={4} ps="md" aria-label="Earlier texts">
      {texts.map((text, i) => <Text component="li" size="xs" key={i}>{text.data} <Text span size="xs" c="dimmed">{dateTime(text.writtenAt)}</Text></Text>)}
    </Stack>
  );
}
