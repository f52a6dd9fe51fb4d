import { Alert, Badge, Button, Checkbox, Group, Modal, NumberInput, Paper, Radio, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { del, messageOf, post, put } from "../api";
import { useForm } from "../form";
import { dateTime } from "../format";
import { useLoad } from "../hooks";
import { CardTable, CopyLine, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";

interface Day { day: string; allowed: number; changed: number; refused: number; failed: number; skipped: number }
interface Hook { url: string; milliseconds: number; allowsOnFailure: boolean; secret?: string; previousUntil?: string; pausedUntil?: string; days?: Day[] }

/** The address that is asked before a message is stored. */
export function BeforeSend() {
  const { project } = useProject();
  const path = `projects/${project.id}/before-send`;
  const found = useLoad<{ hook?: Hook }>(path);
  const [editing, setEditing] = useState<Hook | "new">();
  const [rotating, setRotating] = useState(false);
  const [made, setMade] = useState<Hook>();
  const edit = canEdit(project);
  const add = edit && <Button onClick={() => setEditing("new")}>Add the hook</Button>;

  const show = async (hook: Hook) => {
    setEditing(undefined);
    setRotating(false);
    if (hook.secret) setMade(hook);
    await found.reload();
  };
  const remove = (hook: Hook) => modals.openConfirmModal({
    title: "Remove the hook?",
    children: <Text size="sm" style={{ overflowWrap: "anywhere" }}><b>{hook.url}</b> is not asked any more: every message is stored. Its secret and the counts are not shown again.</Text>,
    labels: { confirm: "Remove", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void del(path).then(
      () => notifications.show({ message: "The hook was removed", color: "green" }),
      error => notifications.show({ message: messageOf(error), color: "red" })).then(found.reload),
  });

  return (
    <Page title="Before-send hook" actions={found.data && !found.data.hook && add}>
      <Text c="dimmed">Your server is asked about each message before it is stored: it allows the message, changes its text, or refuses it with a reason that the sender sees.</Text>
      <Loaded of={found}>
        {({ hook }) => !hook ? <Empty action={add}>No address is asked: every message is stored.</Empty> : (
          <Stack gap="lg">
            <Paper withBorder p="lg" component="section" aria-label="The hook">
              <Stack gap="sm">
                <Group justify="space-between" gap="sm">
                  <Text fw={500} style={{ overflowWrap: "anywhere" }}>{hook.url}</Text>
                  {hook.pausedUntil ? <Badge variant="light" color="red">Not asked at present</Badge> : <Badge variant="light" color="green">Asked</Badge>}
                </Group>
                <Text size="sm">An answer may take {hook.milliseconds.toLocaleString("en")} ms. Without a good answer, the message is {hook.allowsOnFailure ? "stored" : "refused, and the sender is told to try again"}.</Text>
                {hook.pausedUntil && <Text size="sm">It has failed five times in a row, so an instance decides without it until {dateTime(hook.pausedUntil)}. Then it tries one message.</Text>}
                {hook.previousUntil && <Text size="sm" c="dimmed">The secret of before signs as well until {dateTime(hook.previousUntil)}</Text>}
                {edit && <Group gap="xs">
                  <Button size="xs" variant="default" onClick={() => setEditing(hook)}>Edit</Button>
                  <Button size="xs" variant="default" onClick={() => setRotating(true)}>Make a new secret</Button>
                  <Button size="xs" variant="light" color="red" onClick={() => remove(hook)}>Remove</Button>
                </Group>}
              </Stack>
            </Paper>
            <Days days={hook.days ?? []} reload={found.reload} />
          </Stack>
        )}
      </Loaded>
      <Modal opened={!!editing} onClose={() => setEditing(undefined)} title={editing === "new" ? "Add the hook" : "Edit the hook"}>
        {editing && <EditHook path={path} hook={editing === "new" ? undefined : editing} onDone={show} />}
      </Modal>
      <Modal opened={rotating} onClose={() => setRotating(false)} title="Make a new secret">
        <RotateSecret path={path} onDone={show} />
      </Modal>
      <Modal opened={!!made} onClose={() => {}} withCloseButton={false} title="The hook's secret">
        {made && <ShowSecret made={made} onDone={() => setMade(undefined)} />}
      </Modal>
    </Page>
  );
}

function Days({ days, reload }: { days: Day[]; reload: () => Promise<void> }) {
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Title order={2} size="h4">The last seven days</Title><Button size="xs" variant="default" onClick={() => void reload()}>Load again</Button></Group>
      {days.length === 0 ? <Text size="sm" c="dimmed">No message was asked about yet. Counts come within a minute.</Text> : (
        <CardTable minWidth={560}>
          <Table verticalSpacing="sm">
            <Table.Thead><Table.Tr>{["Day (UTC)", "Allowed", "Changed", "Refused", "Failed", "Not asked"].map(name => <Table.Th key={name}>{name}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody>
              {days.map(day => (
                <Table.Tr key={day.day}>
                  <Table.Td>{day.day}</Table.Td>
                  {[day.allowed, day.changed, day.refused, day.failed, day.skipped].map((count, index) => <Table.Td key={index}>{count.toLocaleString("en")}</Table.Td>)}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </CardTable>
      )}
    </Stack>
  );
}

function EditHook({ path, hook, onDone }: { path: string; hook?: Hook; onDone: (hook: Hook) => Promise<void> }) {
  const form = useForm({
    initial: { url: hook?.url ?? "", milliseconds: (hook?.milliseconds ?? 1000) as number | string, onFailure: hook?.allowsOnFailure === false ? "closed" : "open" },
    check: values => !values.url.trim() ? "Please give the address." : values.milliseconds === "" ? "Please say how long an answer may take." : undefined,
    submit: async ({ url, milliseconds, onFailure }) => onDone(await put<Hook>(path, {
      url: url.trim(), milliseconds: Number(milliseconds), allowsOnFailure: onFailure === "open",
    })),
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="Address" description="https, on the public internet." placeholder="https://example.com/hooks/ask" {...form.input("url")} maxLength={2000} required data-autofocus />
        <NumberInput label="How long an answer may take (ms)" description="100 to 3,000: every sender waits for it." min={100} max={3000} allowDecimal={false} {...form.input("milliseconds")} required />
        <Radio.Group label="Without a good answer" {...form.input("onFailure")}>
          <Stack gap="xs" mt="xs">
            <Radio value="open" label="the message is stored (open)" />
            <Radio value="closed" label="the message is refused, to be tried again (closed)" />
          </Stack>
        </Radio.Group>
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>{hook ? "Save" : "Add"}</Button></Group>
      </Stack>
    </form>
  );
}

const overlaps = [{ value: "0", label: "no time: it ends at once" }, { value: "1", label: "1 hour" }, { value: "24", label: "24 hours" }, { value: "168", label: "7 days" }];

function RotateSecret({ path, onDone }: { path: string; onDone: (hook: Hook) => Promise<void> }) {
  const form = useForm({
    initial: { overlap: "24" as string | null },
    submit: async ({ overlap }) => onDone(await post<Hook>(`${path}/rotate`, { overlapHours: Number(overlap) })),
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text size="sm">Each question is signed with both secrets for a while.</Text>
        <Select label="The present secret signs as well for" data={overlaps} {...form.input("overlap")} allowDeselect={false} data-autofocus />
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>Rotate</Button></Group>
      </Stack>
    </form>
  );
}

function ShowSecret({ made, onDone }: { made: Hook; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Title order={3} size="h5" style={{ overflowWrap: "anywhere" }}>{made.url}</Title>
      <CopyLine label="Secret" value={made.secret!} />
      <Alert color="yellow" variant="light">The secret is shown only now. Your server checks with it that questions come from us.</Alert>
      <Checkbox label="I have stored the secret" checked={kept} onChange={event => setKept(event.currentTarget.checked)} />
      <Button disabled={!kept} onClick={onDone}>Done</Button>
    </Stack>
  );
}
