import { Badge, Button, Group, Modal, Select, Stack, Switch, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { get, messageOf, put } from "../api";
import { dateTime } from "../format";
import { useAction, useLive, useLoad } from "../hooks";
import { Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { Snippet } from "../parts/Snippet";
import { canEdit, useProject } from "../projects";
import { quoted } from "../reference/request";

interface ApiRequest { id: string; at: string; api: "server" | "client"; caller: string; method: string; route: string; status: number; milliseconds: number; requestId: string; error?: string; of?: number }
interface RequestPage { requests: ApiRequest[]; kept: "errors" | "all" | "none"; next?: string }

const keptOptions = [
  { value: "errors", label: "those that were refused or failed" },
  { value: "all", label: "all" },
  { value: "none", label: "none" },
];
const colorOf = (status: number) => status >= 500 ? "red" : status >= 400 ? "yellow" : "green";

/** What was not kept, as words to put something in the place of: `{userId}` becomes USER_ID. */
const placeholder = (name: string) => name.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();

/** The same call as a command for a terminal. Secrets, ids and bodies were never kept. */
const curlOf = ({ api, method, route }: ApiRequest) => [
  `curl -X ${method} ${quoted(location.origin + route.replace(/\{(\w+)\}/g, (_, name: string) => placeholder(name)))}`,
  `-H ${quoted(`Authorization: Bearer ${api === "server" ? "API_KEY" : "ACCESS_TOKEN"}`)}`,
  ...(["POST", "PUT", "PATCH"].includes(method) ? [`-H ${quoted("Content-Type: application/json")}`, "-d 'BODY'"] : []),
].join(" \\\n  ");

/** What the project's servers and users asked the API for in the last seven days. */
export function ApiRequests() {
  const { project } = useProject();
  const path = `projects/${project.id}/api-requests`;
  const [filter, setChosen] = useState<{ api?: string; failed?: string; route?: string; caller?: string }>({});
  const [wanted] = useDebouncedValue(filter, 300);
  const [more, setMore] = useState<RequestPage>();
  const [live, setLive] = useState(true);
  const [shown, setShown] = useState<ApiRequest>();
  const query = Object.entries(wanted).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&");
  const first = useLoad<RequestPage>(`${path}?${query}`);
  // Further pages belong to what was filtered.
  const setFilter = (next: typeof filter) => { setMore(undefined); setChosen(next); };
  const action = useAction();
  useLive(live && !more, first.reload);

  const keep = (kept: string) => void put(`${path}/kept`, { kept }).then(
    () => notifications.show({ message: "From now on, within a minute", color: "green" }),
    error => notifications.show({ message: messageOf(error), color: "red" })).then(first.reload);

  return (
    <Page title="API requests" actions={<Switch label="Live" checked={live} onChange={event => setLive(event.currentTarget.checked)} />}>
      <Text c="dimmed">What your servers and users asked the API for in the last seven days, some seconds old. Of many in a minute only some are kept; bodies never are.</Text>
      <Group gap="sm" align="flex-end">
        <Select label="API" placeholder="any" clearable data={[{ value: "server", label: "server API" }, { value: "client", label: "client API" }]} value={filter.api ?? null} onChange={api => setFilter({ ...filter, api: api ?? undefined })} />
        <Select label="Outcome" placeholder="any" clearable data={[{ value: "true", label: "refused or failed" }, { value: "false", label: "done" }]} value={filter.failed ?? null} onChange={failed => setFilter({ ...filter, failed: failed ?? undefined })} />
        <TextInput label="Route" placeholder="messages" value={filter.route ?? ""} maxLength={100} onChange={event => setFilter({ ...filter, route: event.currentTarget.value })} />
        <TextInput label="Key or user" placeholder="alice" value={filter.caller ?? ""} maxLength={128} onChange={event => setFilter({ ...filter, caller: event.currentTarget.value })} />
        {canEdit(project) && first.data && <Select label="Kept are" data={keptOptions} value={first.data.kept} allowDeselect={false} onChange={kept => kept && keep(kept)} />}
      </Group>
      <Loaded of={first}>
        {page => {
          const requests = [...page.requests, ...(more?.requests ?? [])];
          const next = more ? more.next : page.next;
          return (
            <Stack gap="sm">
              {requests.length === 0 ? <Empty>{query ? "No request that was kept is like this." : page.kept === "none" ? "No requests are kept." : "No request was kept yet."}</Empty> : (
                <Table.ScrollContainer minWidth={720}>
                  <Table verticalSpacing="xs">
                    <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>Request</Table.Th><Table.Th>Key or user</Table.Th><Table.Th>Answer</Table.Th><Table.Th>Took</Table.Th><Table.Th ta="right">Actions</Table.Th></Table.Tr></Table.Thead>
                    <Table.Tbody>
                      {requests.map(request => (
                        <Table.Tr key={request.id}>
                          <Table.Td style={{ whiteSpace: "nowrap" }} title={request.requestId}>{dateTime(request.at)}</Table.Td>
                          <Table.Td style={{ overflowWrap: "anywhere" }}><b>{request.method}</b> {request.route}{request.of && <Text span size="xs" c="dimmed"> one of {request.of}</Text>}</Table.Td>
                          <Table.Td style={{ overflowWrap: "anywhere" }}>{request.api === "server" ? "key " : ""}<bdi>{request.caller}</bdi></Table.Td>
                          <Table.Td><Badge variant="light" color={colorOf(request.status)}>{request.status}</Badge> {request.error}</Table.Td>
                          <Table.Td style={{ whiteSpace: "nowrap" }}>{request.milliseconds} ms</Table.Td>
                          <Table.Td ta="right"><Button size="xs" variant="default" aria-label={`As curl: ${request.method} ${request.route} of ${dateTime(request.at)}`} onClick={() => setShown(request)}>curl</Button></Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              )}
              <ErrorText>{action.error}</ErrorText>
              {next && <Button variant="default" w="fit-content" loading={action.busy} onClick={() => void action.run(async () => {
                const loaded = await get<RequestPage>(`${path}?${query}&after=${encodeURIComponent(next)}`);
                setMore({ ...loaded, requests: [...(more?.requests ?? []), ...loaded.requests] });
              })}>More</Button>}
            </Stack>
          );
        }}
      </Loaded>
      <Modal opened={!!shown} onClose={() => setShown(undefined)} title="The request as curl" size="lg">
        {shown && (
          <Stack>
            <Text size="sm">Put what belongs there in the place of the words in capitals: keys and tokens, ids, queries and bodies are not kept.</Text>
            <Snippet label="As curl, without a secret">{curlOf(shown)}</Snippet>
          </Stack>
        )}
      </Modal>
    </Page>
  );
}
