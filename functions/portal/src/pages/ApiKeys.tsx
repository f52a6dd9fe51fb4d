import { Alert, Badge, Button, Checkbox, Group, Modal, NumberInput, Select, Stack, Table, Text, TextInput, Textarea, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { del, messageOf, post } from "../api";
import { useForm } from "../form";
import { date, dateTime } from "../format";
import { useLoad } from "../hooks";
import { Issuers } from "../parts/Issuers";
import { CardTable, CopyLine, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";

interface ApiKey {
  id: string; name: string; shown: string; scopes: string[]; addresses: string[]; createdAt: string; createdBy: string; expiresAt?: string; expired: boolean;
  rotatedAt?: string; previousUntil?: string; lastUsedAt?: string;
}
interface NewKey { key: ApiKey; secret: string }

export function ApiKeys() {
  const { project } = useProject();
  const path = `projects/${project.id}/api-keys`;
  const keys = useLoad<{ keys: ApiKey[]; scopes: string[] }>(path);
  const [creating, setCreating] = useState(false);
  const [rotating, setRotating] = useState<ApiKey>();
  const [made, setMade] = useState<NewKey>();
  const edit = canEdit(project);
  const create = edit && <Button onClick={() => setCreating(true)}>Create API key</Button>;

  const show = async (key: NewKey) => {
    setCreating(false);
    setRotating(undefined);
    setMade(key);
    await keys.reload();
  };
  const revoke = (key: ApiKey) => modals.openConfirmModal({
    title: <>Revoke <bdi>{key.name}</bdi>?</>,
    children: <Text size="sm">Servers that use this key are refused within half a minute. This cannot be undone.</Text>,
    labels: { confirm: "Revoke", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void del(`${path}/${key.id}`).then(
      () => notifications.show({ message: "The key was revoked", color: "green" }),
      error => notifications.show({ message: messageOf(error), color: "red" })).then(keys.reload),
  });

  return (
    <Page title="API keys" actions={create}>
      <Text c="dimmed">Your own servers call the server API with these keys. Keep them out of apps and web pages: whoever has a key can do what its scopes allow.</Text>
      <Loaded of={keys}>
        {data => data.keys.length === 0 ? (
          <Empty action={create}>There is no API key yet.</Empty>
        ) : (
          <CardTable minWidth={760}>
            <Table verticalSpacing="sm">
              <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Scopes</Table.Th><Table.Th>Addresses</Table.Th><Table.Th>Expires</Table.Th><Table.Th>Last used</Table.Th>{edit && <Table.Th ta="right">Actions</Table.Th>}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.keys.map(key => (
                  <Table.Tr key={key.id}>
                    <Table.Td>
                      <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}><bdi>{key.name}</bdi></Text>
                      <Text size="xs" c="dimmed" ff="monospace">{key.shown}</Text>
                      <Text size="xs" c="dimmed">Created {date(key.createdAt)} by {key.createdBy}</Text>
                      {key.previousUntil && <Text size="xs" c="dimmed">The key of before is good until {dateTime(key.previousUntil)}</Text>}
                    </Table.Td>
                    <Table.Td><Text size="sm">{key.scopes.join(", ")}</Text></Table.Td>
                    <Table.Td><Text size="sm" style={{ overflowWrap: "anywhere" }}>{key.addresses.length ? key.addresses.join(", ") : "any"}</Text></Table.Td>
                    <Table.Td>{key.expired ? <Badge variant="light" color="gray">Expired</Badge> : key.expiresAt ? date(key.expiresAt) : "never"}</Table.Td>
                    <Table.Td>{key.lastUsedAt ? dateTime(key.lastUsedAt) : "never"}</Table.Td>
                    {edit && <Table.Td>
                      <Group gap="xs" justify="flex-end" wrap="nowrap">
                        <Button size="xs" variant="default" aria-label={`Rotate ${key.name}`} onClick={() => setRotating(key)}>Rotate</Button>
                        <Button size="xs" variant="light" color="red" aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>Revoke</Button>
                      </Group>
                    </Table.Td>}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </CardTable>
        )}
      </Loaded>
      <Issuers />
      <Modal opened={creating} onClose={() => setCreating(false)} title="Create an API key">
        <CreateKey path={path} scopes={keys.data?.scopes ?? []} onDone={show} />
      </Modal>
      <Modal opened={!!rotating} onClose={() => setRotating(undefined)} title="Rotate the API key">
        {rotating && <RotateKey path={path} apiKey={rotating} onDone={show} />}
      </Modal>
      <Modal opened={!!made} onClose={() => {}} withCloseButton={false} title="Your new API key">
        {made && <ShowKey made={made} onDone={() => setMade(undefined)} />}
      </Modal>
    </Page>
  );
}

/** Addresses as people write lists: one a line, or with commas or blanks between. */
const listOf = (text: string) => text.split(/[\s,;]+/).filter(Boolean);

function CreateKey({ path, scopes, onDone }: { path: string; scopes: string[]; onDone: (key: NewKey) => Promise<void> }) {
  const form = useForm({
    initial: { name: "", scopes: [] as string[], addresses: "", expiresInDays: "" as number | string },
    check: values => !values.name.trim() ? "Please give the key a name." : values.scopes.length === 0 ? "Please choose at least one scope." : undefined,
    submit: async values => onDone(await post<NewKey>(path, {
      name: values.name, scopes: values.scopes, addresses: listOf(values.addresses),
      ...(values.expiresInDays === "" ? {} : { expiresInDays: Number(values.expiresInDays) }),
    })),
  });
  const resources = [...new Set(scopes.map(scope => scope.split(":")[0]))];
  const toggle = (scope: string, on: boolean) => form.set("scopes", on ? [...form.values.scopes, scope] : form.values.scopes.filter(other => other !== scope));
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="Name" description="Where it is used, such as “Orders service, production”." {...form.input("name")} maxLength={60} required data-autofocus />
        <Stack gap={6} component="fieldset" m={0} p={0} style={{ border: 0 }}>
          <Text component="legend" size="sm" fw={500} p={0}>Scopes</Text>
          <Text size="xs" c="dimmed">Choose only what this server does. Writing does not include reading.</Text>
          {resources.map(resource => (
            <Group key={resource} gap="md" wrap="nowrap">
              <Text size="sm" w={100} tt="capitalize" aria-hidden>{resource}</Text>
              {["read", "write"].map(action => (
                <Checkbox key={action} label={action} aria-label={`${resource}: ${action}`} checked={form.values.scopes.includes(`${resource}:${action}`)}
                  onChange={event => toggle(`${resource}:${action}`, event.currentTarget.checked)} />
              ))}
            </Group>
          ))}
        </Stack>
        <Textarea label="Addresses (optional)" description="Only servers with these addresses or in these networks may use the key: 203.0.113.7 or 203.0.113.0/24, one a line." autosize minRows={2} maxRows={6} {...form.input("addresses")} />
        <NumberInput label="Expires after days (optional)" min={1} max={3650} allowDecimal={false} {...form.input("expiresInDays")} />
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>Create</Button></Group>
      </Stack>
    </form>
  );
}

const overlaps = [{ value: "0", label: "no time: it ends at once" }, { value: "1", label: "1 hour" }, { value: "24", label: "24 hours" }, { value: "168", label: "7 days" }];

function RotateKey({ path, apiKey, onDone }: { path: string; apiKey: ApiKey; onDone: (key: NewKey) => Promise<void> }) {
  const form = useForm({
    initial: { overlap: "24" as string | null },
    submit: async ({ overlap }) => onDone(await post<NewKey>(`${path}/${apiKey.id}/rotate`, { overlapHours: Number(overlap) })),
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text size="sm"><b><bdi>{apiKey.name}</bdi></b> gets a new secret, with the same scopes and addresses.{apiKey.previousUntil && " The key from before the last rotation ends now."}</Text>
        <Select label="The present key stays good for" data={overlaps} {...form.input("overlap")} allowDeselect={false} data-autofocus />
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>Rotate</Button></Group>
      </Stack>
    </form>
  );
}

function ShowKey({ made, onDone }: { made: NewKey; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Title order={3} size="h5"><bdi>{made.key.name}</bdi></Title>
      <CopyLine label="API key" value={made.secret} />
      <Alert color="yellow" variant="light">The key is shown only now. Keep it on your server, never in an app or a web page.</Alert>
      <Checkbox label="I have stored the API key" checked={kept} onChange={event => setKept(event.currentTarget.checked)} />
      <Button disabled={!kept} onClick={onDone}>Done</Button>
    </Stack>
  );
}
