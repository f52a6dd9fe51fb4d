import { Alert, Badge, Button, Checkbox, Group, Modal, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { call, del, messageOf, post } from "../api";
import { useForm } from "../form";
import { date, dateTime } from "../format";
import { useLoad } from "../hooks";
import { Deliveries } from "../parts/Deliveries";
import { CopyLine, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";

export interface Webhook {
  id: string; url: string; events: string[]; description: string; enabled: boolean; disabledReason?: string; failingSince?: string; previousUntil?: string;
  createdAt: string; createdBy: string; secret?: string;
}

export function Webhooks() {
  const { project } = useProject();
  const path = `projects/${project.id}/webhooks`;
  const webhooks = useLoad<{ webhooks: Webhook[]; types: string[] }>(path);
  const [editing, setEditing] = useState<Webhook | "new">();
  const [rotating, setRotating] = useState<Webhook>();
  const [made, setMade] = useState<Webhook>();
  const [tests, setTests] = useState(0);
  const edit = canEdit(project);
  const add = edit && <Button onClick={() => setEditing("new")}>Add endpoint</Button>;

  const tell = (done: Promise<unknown>, message: string) => void done.then(
    () => notifications.show({ message, color: "green" }),
    error => notifications.show({ message: messageOf(error), color: "red" })).then(webhooks.reload);
  const show = async (webhook: Webhook) => {
    setEditing(undefined);
    setRotating(undefined);
    if (webhook.secret) setMade(webhook);
    await webhooks.reload();
  };
  const remove = (webhook: Webhook) => modals.openConfirmModal({
    title: "Remove the endpoint?",
    children: <Text size="sm" style={{ overflowWrap: "anywhere" }}><b>{webhook.url}</b> gets no events any more, also none of those that wait for it.</Text>,
    labels: { confirm: "Remove", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => tell(del(`${path}/${webhook.id}`), "The endpoint was removed"),
  });
  const test = (webhook: Webhook) => tell(
    post(`${path}/${webhook.id}/test`, {}).then(() => setTests(tests + 1)), "A test event is on its way");
  const toggle = (webhook: Webhook) => tell(
    call("PATCH", `${path}/${webhook.id}`, { enabled: !webhook.enabled }), webhook.enabled ? "The endpoint is off" : "The endpoint is on");

  return (
    <Page title="Webhooks" actions={add}>
      <Text c="dimmed">Your server hears what happens in this project: each event is sent to the endpoints that want it, signed with the endpoint's secret.</Text>
      <Loaded of={webhooks}>
        {data => data.webhooks.length === 0 ? (
          <Empty action={add}>There is no endpoint yet.</Empty>
        ) : (
          <Table.ScrollContainer minWidth={760}>
            <Table verticalSpacing="sm">
              <Table.Thead><Table.Tr><Table.Th>Address</Table.Th><Table.Th>Events</Table.Th><Table.Th>State</Table.Th>{edit && <Table.Th ta="right">Actions</Table.Th>}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.webhooks.map(webhook => (
                  <Table.Tr key={webhook.id}>
                    <Table.Td>
                      <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>{webhook.url}</Text>
                      {webhook.description && <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}><bdi>{webhook.description}</bdi></Text>}
                      <Text size="xs" c="dimmed">Created {date(webhook.createdAt)} by {webhook.createdBy}</Text>
                      {webhook.previousUntil && <Text size="xs" c="dimmed">The secret of before signs as well until {dateTime(webhook.previousUntil)}</Text>}
                    </Table.Td>
                    <Table.Td><Text size="sm">{webhook.events.join(", ")}</Text></Table.Td>
                    <Table.Td>
                      {!webhook.enabled ? <Badge variant="light" color="gray">Off</Badge>
                        : webhook.failingSince ? <Badge variant="light" color="red">Failing</Badge> : <Badge variant="light" color="green">On</Badge>}
                      {webhook.disabledReason && <Text size="xs" c="dimmed">{webhook.disabledReason}</Text>}
                      {webhook.enabled && webhook.failingSince && <Text size="xs" c="dimmed">since {dateTime(webhook.failingSince)}</Text>}
                    </Table.Td>
                    {edit && <Table.Td>
                      <Group gap="xs" justify="flex-end">
                        <Button size="xs" variant="default" aria-label={`Test ${webhook.url}`} onClick={() => test(webhook)}>Test</Button>
                        <Button size="xs" variant="default" aria-label={`Edit ${webhook.url}`} onClick={() => setEditing(webhook)}>Edit</Button>
                        <Button size="xs" variant="default" aria-label={`Switch ${webhook.enabled ? "off" : "on"} ${webhook.url}`} onClick={() => toggle(webhook)}>{webhook.enabled ? "Off" : "On"}</Button>
                        <Button size="xs" variant="default" aria-label={`Rotate ${webhook.url}`} onClick={() => setRotating(webhook)}>Rotate</Button>
                        <Button size="xs" variant="light" color="red" aria-label={`Remove ${webhook.url}`} onClick={() => remove(webhook)}>Remove</Button>
                      </Group>
                    </Table.Td>}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      {webhooks.data && <Deliveries key={tests} webhooks={webhooks.data.webhooks} types={webhooks.data.types} />}
      <Modal opened={!!editing} onClose={() => setEditing(undefined)} title={editing === "new" ? "Add an endpoint" : "Edit the endpoint"}>
        {editing && <EditWebhook path={path} types={webhooks.data?.types ?? []} webhook={editing === "new" ? undefined : editing} onDone={show} />}
      </Modal>
      <Modal opened={!!rotating} onClose={() => setRotating(undefined)} title="Make a new secret">
        {rotating && <RotateSecret path={path} webhook={rotating} onDone={show} />}
      </Modal>
      <Modal opened={!!made} onClose={() => {}} withCloseButton={false} title="The endpoint's secret">
        {made && <ShowSecret made={made} onDone={() => setMade(undefined)} />}
      </Modal>
    </Page>
  );
}

/** Types that come often: a new endpoint gets them only if somebody asks for them. */
const frequent = ["message.delivered", "message.read", "user.online", "user.offline"];

function EditWebhook({ path, types, webhook, onDone }: { path: string; types: string[]; webhook?: Webhook; onDone: (webhook: Webhook) => Promise<void> }) {
  const form = useForm({
    initial: { url: webhook?.url ?? "", description: webhook?.description ?? "", events: webhook?.events ?? types.filter(type => !frequent.includes(type)) },
    check: values => !values.url.trim() ? "Please give the address." : values.events.length === 0 ? "Please choose at least one type of events." : undefined,
    submit: async values => {
      const body = { url: values.url.trim(), description: values.description, events: values.events };
      await onDone(webhook ? await call<Webhook>("PATCH", `${path}/${webhook.id}`, body) : await post<Webhook>(path, body));
    },
  });
  const toggle = (type: string, on: boolean) => form.set("events", on ? [...form.values.events, type] : form.values.events.filter(other => other !== type));
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="Address" description="https, on the public internet." placeholder="https://example.com/hooks/vox" {...form.input("url")} maxLength={2000} required data-autofocus />
        <TextInput label="Description (optional)" {...form.input("description")} maxLength={200} />
        <Stack gap={6} component="fieldset" m={0} p={0} style={{ border: 0 }}>
          <Text component="legend" size="sm" fw={500} p={0}>Events</Text>
          {types.map(type => (
            <Checkbox key={type} label={type} checked={form.values.events.includes(type)} onChange={event => toggle(type, event.currentTarget.checked)} />
          ))}
        </Stack>
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>{webhook ? "Save" : "Add"}</Button></Group>
      </Stack>
    </form>
  );
}

const overlaps = [{ value: "0", label: "no time: it ends at once" }, { value: "1", label: "1 hour" }, { value: "24", label: "24 hours" }, { value: "168", label: "7 days" }];

function RotateSecret({ path, webhook, onDone }: { path: string; webhook: Webhook; onDone: (webhook: Webhook) => Promise<void> }) {
  const form = useForm({
    initial: { overlap: "24" as string | null },
    submit: async ({ overlap }) => onDone(await post<Webhook>(`${path}/${webhook.id}/rotate`, { overlapHours: Number(overlap) })),
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>What is sent to <b>{webhook.url}</b> is signed with both secrets for a while.</Text>
        <Select label="The present secret signs as well for" data={overlaps} {...form.input("overlap")} allowDeselect={false} data-autofocus />
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>Make a new secret</Button></Group>
      </Stack>
    </form>
  );
}

function ShowSecret({ made, onDone }: { made: Webhook; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Title order={3} size="h5" style={{ overflowWrap: "anywhere" }}>{made.url}</Title>
      <CopyLine label="Secret" value={made.secret!} />
      <Alert color="yellow" variant="light">The secret is shown only now. Your server checks with it that events come from us.</Alert>
      <Checkbox label="I have stored the secret" checked={kept} onChange={event => setKept(event.currentTarget.checked)} />
      <Button disabled={!kept} onClick={onDone}>Done</Button>
    </Stack>
  );
}
