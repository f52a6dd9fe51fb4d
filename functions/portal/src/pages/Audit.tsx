import { Button, Table } from "@mantine/core";
import { useState } from "react";
import { get, messageOf, type AuditEntry } from "../api";
import { actionText } from "../audit";
import { dateTime } from "../format";
import { useAction, useLoad } from "../hooks";
import { CardTable, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";

interface AuditPage { entries: AuditEntry[]; next?: string }

export function Audit() {
  const { project } = useProject();
  return <Page title="Activity"><AuditTable path={`projects/${project.id}/audit`} /></Page>;
}

export function AuditTable({ path }: { path: string }) {
  const [more, setMore] = useState<AuditPage>();
  const first = useLoad<AuditPage>(path);
  const action = useAction();
  return (
    <Loaded of={first}>
      {page => {
        const entries = [...page.entries, ...(more?.entries ?? [])];
        const next = more ? more.next : page.next;
        return entries.length === 0 ? <Empty>Nothing has happened yet.</Empty> : (
          <>
            <CardTable minWidth={640}>
              <Table verticalSpacing="xs">
                <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>Who</Table.Th><Table.Th>What</Table.Th><Table.Th>Details</Table.Th><Table.Th>From</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {entries.map((entry, i) => (
                    <Table.Tr key={i}>
                      <Table.Td style={{ whiteSpace: "nowrap" }}>{dateTime(entry.at)}</Table.Td><Table.Td><bdi>{entry.who}</bdi></Table.Td><Table.Td title={entry.action}>{actionText(entry.action)}</Table.Td>
                      <Table.Td style={{ overflowWrap: "anywhere" }}><bdi>{entry.detail}</bdi></Table.Td><Table.Td>{entry.address}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </CardTable>
            <ErrorText>{action.error && messageOf(action.error)}</ErrorText>
            {next && <Button variant="default" w="fit-content" loading={action.busy} onClick={() => void action.run(async () => {
              const loaded = await get<AuditPage>(`${path}?after=${encodeURIComponent(next)}`);
              setMore({ entries: [...(more?.entries ?? []), ...loaded.entries], next: loaded.next });
            })}>More</Button>}
          </>
        );
      }}
    </Loaded>
  );
}
