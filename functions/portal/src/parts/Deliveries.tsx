import { Badge, Button, Group, Modal, Select, Stack, Switch, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { get, messageOf, post } from "../api";
import { dateTime } from "../format";
import { useAction, useLive, useLoad } from "../hooks";
import { canEdit, useProject } from "../projects";
import { quoted } from "../reference/request";
import { Empty, ErrorText, Loaded } from "./Parts";
import { Snippet } from "./Snippet";

interface Attempt { at: string; status?: number; milliseconds: number; error?: string }
interface Delivery { id: string; event: string; type: string; webhook: string; at: string; state: "delivered" | "waiting" | "failed"; attempts: Attempt[]; body?: string }
interface DeliveryPage { deliveries: Delivery[]; next?: string }

const colors = { delivered: "green", waiting: "yellow", failed: "red" };

/** What was sent in the last seven days. */
export function Deliveries({ webhooks, types }: { webhooks: { id: string; url: string }[]; types: string[] }) {
  const { project } = useProject();
  const path = `projects/${project.id}/webhook-deliveries`;
  const [filter, setChosen] = useState<{ type?: string; webhook?: string; state?: string }>({});
  const query = Object.entries(filter).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&");
  const [more, setMore] = useState<DeliveryPage>();
  const [shown, setShown] = useState<string>();
  const first = useLoad<DeliveryPage>(`${path}?${query}`);
  // Further pages belong to what was filtered.
  const setFilter = (next: typeof filter) => { setMore(undefined); setChosen(next); };
  const action = useAction();
  const [live, setLive] = useState(true);
  // Further pages would move away under the reader's eyes.
  useLive(live && !more && !shown, first.reload);
  const urlOf = (id: string) => webhooks.find(webhook => webhook.id === id)?.url ?? "a removed endpoint";
  const any = Object.values(filter).some(Boolean);

  return (
    <Stack component="section" aria-labelledby="deliveries" gap="sm">
      <Group justify="space-between"><Title order={2} size="h3" id="deliveries">Sent in the last seven days</Title><Group gap="sm"><Switch label="Live" checked={live} onChange={event => { setMore(undefined); setLive(event.currentTarget.checked); }} /><Button variant="default" size="xs" onClick={() => { setMore(undefined); void first.reload(); }}>Refresh</Button></Group></Group>
      <Group gap="sm">
        <Select label="Type" placeholder="any" clearable data={[...types, "webhook.test"]} value={filter.type ?? null} onChange={type => setFilter({ ...filter, type: type ?? undefined })} />
        <Select label="Endpoint" placeholder="any" clearable data={webhooks.map(webhook => ({ value: webhook.id, label: webhook.url }))} value={filter.webhook ?? null} onChange={webhook => setFilter({ ...filter, webhook: webhook ?? undefined })} />
        <Select label="State" placeholder="any" clearable data={["delivered", "waiting", "failed"]} value={filter.state ?? null} onChange={state => setFilter({ ...filter, state: state ?? undefined })} />
      </Group>
      <Loaded of={first}>
        {page => {
          const deliveries = [...page.deliveries, ...(more?.deliveries ?? [])];
          const next = more ? more.next : page.next;
          return deliveries.length === 0 ? <Empty>{any ? "Nothing that was sent is like this." : "Nothing was sent yet."}</Empty> : (
            <>
              <Table.ScrollContainer minWidth={640}>
                <Table verticalSpacing="xs">
                  <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>Type</Table.Th><Table.Th>Endpoint</Table.Th><Table.Th>State</Table.Th><Table.Th>Last answer</Table.Th><Table.Th ta="right">Actions</Table.Th></Table.Tr></Table.Thead>
                  <Table.Tbody>
                    {deliveries.map(delivery => {
                      const last = delivery.attempts[delivery.attempts.length - 1];
                      return (
                        <Table.Tr key={delivery.id}>
                          <Table.Td style={{ whiteSpace: "nowrap" }}>{dateTime(delivery.at)}</Table.Td><Table.Td>{delivery.type}</Table.Td>
                          <Table.Td style={{ overflowWrap: "anywhere" }}>{urlOf(delivery.webhook)}</Table.Td>
                          <Table.Td><Badge variant="light" color={colors[delivery.state]}>{delivery.state}</Badge></Table.Td>
                          <Table.Td>{last?.status ?? "none"} after {delivery.attempts.length === 1 ? "1 attempt" : `${delivery.attempts.length} attempts`}</Table.Td>
                          <Table.Td ta="right"><Button size="xs" variant="default" aria-label={`Show ${delivery.type} of ${dateTime(delivery.at)}`} onClick={() => setShown(delivery.id)}>Show</Button></Table.Td>
                        </Table.Tr>
                      );
                    })}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <ErrorText>{action.error && messageOf(action.error)}</ErrorText>
              {next && <Button variant="default" w="fit-content" loading={action.busy} onClick={() => void action.run(async () => {
                const loaded = await get<DeliveryPage>(`${path}?${query}&after=${encodeURIComponent(next)}`);
                setMore({ deliveries: [...(more?.deliveries ?? []), ...loaded.deliveries], next: loaded.next });
              })}>More</Button>}
            </>
          );
        }}
      </Loaded>
      <Modal opened={!!shown} onClose={() => setShown(undefined)} title="What was sent" size="lg">
        {shown && <OneDelivery path={`${path}/${shown}`} urlOf={urlOf} edit={canEdit(project)} onResent={async () => { setShown(undefined); await first.reload(); }} />}
      </Modal>
    </Stack>
  );
}

function OneDelivery({ path, urlOf, edit, onResent }: { path: string; urlOf: (id: string) => string; edit: boolean; onResent: () => Promise<void> }) {
  const delivery = useLoad<Delivery>(path);
  const action = useAction();
  return (
    <Loaded of={delivery}>
      {data => (
        <Stack>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>{data.type} of {dateTime(data.at)}, to {urlOf(data.webhook)}<br />{data.event}</Text>
          <Table.ScrollContainer minWidth={360}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th>Attempt</Table.Th><Table.Th>Answer</Table.Th><Table.Th>Took</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.attempts.map((attempt, i) => (
                  <Table.Tr key={i}><Table.Td>{dateTime(attempt.at)}</Table.Td><Table.Td>{attempt.error ?? attempt.status}</Table.Td><Table.Td>{attempt.milliseconds} ms</Table.Td></Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Snippet label="Body">{pretty(data.body ?? "")}</Snippet>
          <Snippet label="As curl, without a signature">{`curl ${quoted(urlOf(data.webhook))} -H 'Content-Type: application/json' -H ${quoted(`webhook-id: ${data.event}`)} -d ${quoted(data.body ?? "")}`}</Snippet>
          <ErrorText>{action.error && messageOf(action.error)}</ErrorText>
          {edit && <Group><Button loading={action.busy} onClick={() => void action.run(async () => {
            await post(`${path}/resend`, {});
            notifications.show({ message: "The event is on its way again", color: "green" });
            await onResent();
          })}>Send again</Button></Group>}
        </Stack>
      )}
    </Loaded>
  );
}

function pretty(body: string) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
