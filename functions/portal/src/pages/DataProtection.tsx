import { Alert, Badge, Button, Checkbox, Code, Group, Modal, NumberInput, Paper, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { del, messageOf, post, put, type Erasure, type Export, type Hold } from "../api";
import { useForm } from "../form";
import { bytes, count, dateTime } from "../format";
import { useLoad } from "../hooks";
import { CardTable, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";

const refreshSeconds = 15;

const states: Record<string, { color: string; label: string }> = {
  running: { color: "blue", label: "Running" }, sweeping: { color: "blue", label: "Searching once more" }, held: { color: "orange", label: "On hold" },
  done: { color: "green", label: "Done" }, ready: { color: "green", label: "Ready" }, failed: { color: "red", label: "Too large" }, expired: { color: "gray", label: "Deleted" },
};

const State = ({ of }: { of: string }) => <Badge variant="light" color={states[of]?.color}>{states[of]?.label ?? of}</Badge>;

/** For the owners of a project. */
export function DataProtection() {
  const { project } = useProject();
  const path = `projects/${project.id}/data`;
  const erasures = useLoad<{ erasures: Erasure[]; next?: string }>(`${path}/erasures?size=100`);
  const exports = useLoad<{ exports: Export[] }>(`${path}/exports`);
  const holds = useLoad<{ holds: Hold[] }>(`${path}/holds`);
  const retention = useLoad<Days>(`${path}/retention`, { fresh: true });
  const reload = () => Promise.all([erasures.reload(), exports.reload(), holds.reload()]);

  // Only while something is under way.
  const busy = !!erasures.data?.erasures.some(e => e.state === "running" || e.state === "sweeping") || !!exports.data?.exports.some(e => e.state === "running");
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => { void erasures.reload(); void exports.reload(); }, refreshSeconds * 1000);
    return () => clearInterval(timer);
  }, [busy, erasures.reload, exports.reload]);

  return (
    <Page title="Data protection">
      <Loaded of={retention}>{data => <Retention path={path} retention={data} />}</Loaded>
      <Exports path={path} exports={exports} />
      <Erasures path={path} erasures={erasures} onErased={reload} />
      <Holds path={path} holds={holds} onChanged={reload} />
    </Page>
  );
}

const Part = ({ title, text, action, children }: { title: string; text: string; action: ReactNode; children: ReactNode }) => (
  <Paper withBorder p="lg">
    <Stack>
      <Group justify="space-between" gap="sm"><Title order={2} size="h4">{title}</Title>{action}</Group>
      <Text size="sm" maw={760}>{text}</Text>
      {children}
    </Stack>
  </Paper>
);

interface Days { logDays: number; messageDays: number; fileDays: number }

function Retention({ path, retention }: { path: string; retention: Days }) {
  const form = useForm({
    initial: { logDays: retention.logDays as number | string, messageDays: retention.messageDays as number | string, fileDays: retention.fileDays as number | string },
    submit: async ({ logDays, messageDays, fileDays }) => {
      await put(`${path}/retention`, { logDays: Number(logDays), messageDays: Number(messageDays), fileDays: Number(fileDays) });
      notifications.show({ message: "Saved: it applies from tonight", color: "green" });
    },
  });
  const days = (name: keyof Days, label: string) => <NumberInput label={label} {...form.input(name)} min={0} max={3650} allowDecimal={false} w={200} />;

  return (
    <Part title="Retention" action={null} text="How many days something is kept; 0 is for ever. What is older goes every night. What a legal hold covers stays.">
      <Group align="end">{days("logDays", "Log")}{days("messageDays", "Messages")}{days("fileDays", "Files")}</Group>
      <ErrorText>{form.error}</ErrorText>
      <Button w="fit-content" loading={form.busy} onClick={form.submit}>Save</Button>
    </Part>
  );
}

type Loading<T> = ReturnType<typeof useLoad<T>>;

function Exports({ path, exports }: { path: string; exports: Loading<{ exports: Export[] }> }) {
  const [opened, setOpened] = useState(false);
  const form = useForm({
    initial: { what: "user" as string | null, username: "" },
    check: ({ what, username }) => (what === "user" && !username.trim() ? "Please enter a username." : undefined),
    submit: async ({ what, username }) => {
      await post(`${path}/exports`, what === "user" ? { username } : {});
      notifications.show({ message: "The archive is being written", color: "green" });
      setOpened(false);
      form.reset();
      await exports.reload();
    },
  });
  const download = async (id: string) => {
    try {
      window.location.assign((await post<{ url: string }>(`${path}/exports/${id}/link`, {})).url);
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
  };

  return (
    <Part title="Exports" action={<Button onClick={() => setOpened(true)}>New export</Button>}
      text="An archive (tar) with all that is stored about a user or in the project: JSON lines and the files themselves. It can be downloaded for seven days.">
      <Loaded of={exports}>
        {({ exports: list }) => list.length === 0 ? <Empty>Nothing was exported yet.</Empty> : (
          <CardTable minWidth={640}>
            <Table verticalSpacing="xs">
              <Table.Thead><Table.Tr><Table.Th>Requested</Table.Th><Table.Th>Of</Table.Th><Table.Th>State</Table.Th><Table.Th>Size</Table.Th><Table.Th>Deleted on</Table.Th><Table.Th ta="right">Actions</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {list.map(item => (
                  <Table.Tr key={item.id}>
                    <Table.Td>{dateTime(item.requestedAt)}<Text size="xs" c="dimmed"><bdi>{item.requestedBy}</bdi></Text></Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{item.kind === "project" ? "The project" : <bdi>{item.subject ?? "A user"}</bdi>}</Table.Td>
                    <Table.Td><State of={item.state} /></Table.Td>
                    <Table.Td>{bytes(item.bytes)}{item.missing > 0 && <Text size="xs" c="dimmed">{count(item.missing)} files were deleted meanwhile</Text>}</Table.Td>
                    <Table.Td>{item.expiresAt ? dateTime(item.expiresAt) : ""}</Table.Td>
                    <Table.Td ta="right">{item.state === "ready" && <Button size="xs" variant="light" onClick={() => void download(item.id)}>Download</Button>}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </CardTable>
        )}
      </Loaded>
      <Modal opened={opened} onClose={() => setOpened(false)} title="New export">
        <form {...form.props}>
          <Stack>
            <Select label="What" data={[{ value: "user", label: "A user" }, { value: "project", label: "The whole project" }]} allowDeselect={false} {...form.input("what")} />
            {form.values.what === "user" && <TextInput label="Username" {...form.input("username")} maxLength={128} autoComplete="off" />}
            <ErrorText>{form.error}</ErrorText>
            <Button type="submit" loading={form.busy}>Export</Button>
          </Stack>
        </form>
      </Modal>
    </Part>
  );
}

function Erasures({ path, erasures, onErased }: { path: string; erasures: Loading<{ erasures: Erasure[]; next?: string }>; onErased: () => Promise<unknown> }) {
  const [opened, setOpened] = useState(false);
  const form = useForm({
    initial: { what: "user" as string | null, name: "", repeated: "", former: false },
    check: ({ name, repeated }) => !name.trim() ? "Please say what is to be erased." : name.trim() !== repeated.trim() ? "The two entries differ." : undefined,
    submit: async ({ what, name, former }) => {
      await post(`${path}/erasures`, what === "user" ? { username: name, former } : { conversation: name.trim() });
      notifications.show({ message: "The erasure has begun", color: "green" });
      setOpened(false);
      form.reset();
      await onErased();
    },
  });
  const isUser = form.values.what === "user";

  return (
    <Part title="Erasures" action={<Button color="red" variant="light" onClick={() => setOpened(true)}>Erase</Button>}
      text="Erasing a user removes what they wrote as well, in the conversations of others too. Deleting a user keeps their messages for those who received them. When it is done, the line stays as the proof.">
      <Loaded of={erasures}>
        {({ erasures: list }) => list.length === 0 ? <Empty>Nothing was erased yet.</Empty> : (
          <CardTable minWidth={720}>
            <Table verticalSpacing="xs">
              <Table.Thead><Table.Tr><Table.Th>Requested</Table.Th><Table.Th>What</Table.Th><Table.Th>State</Table.Th><Table.Th>Erased</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {list.map(item => (
                  <Table.Tr key={item.id}>
                    <Table.Td>{dateTime(item.requestedAt)}<Text size="xs" c="dimmed"><bdi>{item.requestedBy}</bdi></Text></Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>
                      {item.kind === "conversation" ? "Conversation" : "User"} <bdi>{item.subject ?? item.pseudonym}</bdi>
                      <Text size="xs" c="dimmed">{item.id}</Text>
                    </Table.Td>
                    <Table.Td><State of={item.state} />{(item.doneAt ?? item.nextAt) && <Text size="xs" c="dimmed">{item.doneAt ? dateTime(item.doneAt) : `next step ${dateTime(item.nextAt!)}`}</Text>}</Table.Td>
                    <Table.Td><Text size="sm">{count(item.messages)} messages in {count(item.conversations)} conversations, {count(item.files)} files, {count(item.logRows)} rows of the log</Text></Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </CardTable>
        )}
      </Loaded>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Erase">
        <form {...form.props}>
          <Stack>
            <Alert color="red" variant="light" icon={<IconAlertTriangle />}>This cannot be undone, not even by us.</Alert>
            <Select label="What" data={[{ value: "user", label: "A user and all that they wrote" }, { value: "conversation", label: "A conversation" }]} allowDeselect={false} {...form.input("what")} />
            <TextInput label={isUser ? "Username" : "Conversation id"} {...form.input("name")} maxLength={128} autoComplete="off" />
            <TextInput label="The same again, to confirm" {...form.input("repeated")} maxLength={128} autoComplete="off" />
            {isUser && <Checkbox label="Also if the user was deleted before" {...form.checkbox("former")} />}
            <Text size="sm">To erase the whole project, delete it in its settings.</Text>
            <ErrorText>{form.error}</ErrorText>
            <Button type="submit" color="red" loading={form.busy}>Erase for ever</Button>
          </Stack>
        </form>
      </Modal>
    </Part>
  );
}

function Holds({ path, holds, onChanged }: { path: string; holds: Loading<{ holds: Hold[] }>; onChanged: () => Promise<unknown> }) {
  const [opened, setOpened] = useState(false);
  const form = useForm({
    initial: { what: "user" as string | null, name: "", reason: "" },
    check: ({ what, name, reason }) => what !== "project" && !name.trim() ? "Please say what is to be held." : !reason.trim() ? "Please say why." : undefined,
    submit: async ({ what, name, reason }) => {
      await post(`${path}/holds`, { username: what === "user" ? name : undefined, conversation: what === "conversation" ? name.trim() : undefined, reason });
      notifications.show({ message: "The hold is set", color: "green" });
      setOpened(false);
      form.reset();
      await onChanged();
    },
  });
  const lift = (hold: Hold) => modals.openConfirmModal({
    title: "Lift this hold?",
    children: <Text size="sm">From then on it can be deleted and erased again. Erasures that waited for it go on at once.</Text>,
    labels: { confirm: "Lift", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void (async () => {
      try {
        await del(`${path}/holds?id=${encodeURIComponent(hold.id)}`);
        notifications.show({ message: "The hold is lifted", color: "green" });
      } catch (e) {
        notifications.show({ message: messageOf(e), color: "red" });
      }
      await onChanged();
    })(),
  });

  return (
    <Part title="Legal holds" action={<Button variant="default" onClick={() => setOpened(true)}>Set a hold</Button>}
      text="While a hold stands, nothing of what it covers is deleted, erased or taken away by retention. A hold on a user also keeps what others wrote to them.">
      <Loaded of={holds}>
        {({ holds: list }) => list.length === 0 ? <Empty>There are no holds.</Empty> : (
          <CardTable minWidth={640}>
            <Table verticalSpacing="xs">
              <Table.Thead><Table.Tr><Table.Th>Set</Table.Th><Table.Th>What</Table.Th><Table.Th>Why</Table.Th><Table.Th ta="right">Actions</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {list.map(hold => (
                  <Table.Tr key={hold.id}>
                    <Table.Td>{dateTime(hold.setAt)}<Text size="xs" c="dimmed"><bdi>{hold.setBy}</bdi></Text></Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{hold.kind === "project" ? "The whole project" : hold.kind === "user" ? <>User <bdi>{hold.target}</bdi></> : <>Conversation <Code>{hold.target}</Code></>}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}><bdi>{hold.reason}</bdi></Table.Td>
                    <Table.Td ta="right"><Button size="xs" variant="light" color="red" onClick={() => lift(hold)}>Lift</Button></Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </CardTable>
        )}
      </Loaded>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Set a hold">
        <form {...form.props}>
          <Stack>
            <Select label="What" data={[{ value: "user", label: "A user" }, { value: "conversation", label: "A conversation" }, { value: "project", label: "The whole project" }]} allowDeselect={false} {...form.input("what")} />
            {form.values.what !== "project" && <TextInput label={form.values.what === "user" ? "Username" : "Conversation id"} {...form.input("name")} maxLength={128} autoComplete="off" />}
            <TextInput label="Why" description="The case or the order. Everybody who sees this page can read it." {...form.input("reason")} maxLength={500} autoComplete="off" />
            <ErrorText>{form.error}</ErrorText>
            <Button type="submit" loading={form.busy}>Set the hold</Button>
          </Stack>
        </form>
      </Modal>
    </Part>
  );
}
