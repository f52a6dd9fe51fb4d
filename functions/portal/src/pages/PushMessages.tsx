import { Button, Group, Paper, Radio, Stack, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { put } from "../api";
import { useForm } from "../form";
import { dateTime } from "../format";
import { useLoad } from "../hooks";
import { CardTable, CopyLine, ErrorText, Loaded, Page } from "../parts/Parts";
import { PushKeys } from "../parts/PushKeys";
import { kindName, PushTest } from "../parts/PushTest";
import { canEdit, useProject } from "../projects";

interface Day { day: string; kind: string; sent: number; failed: number; removed: number }
interface Failure { kind: string; reason: string; explanation: string; at: string }
interface State { content: string; webKey?: string; contact: string; days: Day[]; failures: Failure[] }

/** Everything about a project's push messages: keys, what they say, what became of them, and a test. */
export function PushMessages() {
  const { project } = useProject();
  const path = `projects/${project.id}/push`;
  const state = useLoad<State>(`${path}/state`, { fresh: true });
  const edit = canEdit(project);
  return (
    <Page title="Push messages">
      <Stack maw={760} gap="lg">
        <Text c="dimmed">Users who are away are told of new messages on their devices: in browsers, and with your keys on iOS and Android.</Text>
        <PushKeys />
        <Loaded of={state}>
          {data => (
            <>
              <BrowserKey state={data} />
              <Content path={path} content={data.content} edit={edit} />
              {edit && <PushTest />}
              <Days state={data} reload={state.reload} />
            </>
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}

const BrowserKey = ({ state }: { state: State }) => (
  <Paper withBorder p="lg" component="section" aria-label="Browsers">
    <Stack gap="sm">
      <Title order={2} size="h4">Browsers</Title>
      {state.webKey
        ? <CopyLine label="Public key (VAPID)" value={state.webKey} />
        : <Text size="sm">Nothing to upload: the project's key is made when the first browser asks for it.</Text>}
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>The key never changes, because subscriptions are for it. The browsers' services can reach {state.contact}.</Text>
    </Stack>
  </Paper>
);

const contents = [
  { value: "full", label: "Who writes, and the text" },
  { value: "name", label: "Only who writes" },
  { value: "none", label: "Only that there is a message" },
];

function Content({ path, content, edit }: { path: string; content: string; edit: boolean }) {
  const form = useForm({
    initial: { content },
    submit: async values => {
      await put(`${path}/content`, values);
      notifications.show({ message: "Saved", color: "green" });
    },
  });
  return (
    <Paper withBorder p="lg" component="section" aria-label="Content">
      <form {...form.props}>
        <Stack>
          <Title order={2} size="h4">What they say</Title>
          <Radio.Group label="A push message shows" description="Google and Apple can read what goes through their services; the browsers' services cannot." {...form.input("content")}>
            <Stack gap="xs" mt="xs">{contents.map(one => <Radio key={one.value} {...one} disabled={!edit} />)}</Stack>
          </Radio.Group>
          <ErrorText>{form.error}</ErrorText>
          {edit && <Button type="submit" w="fit-content" loading={form.busy}>Save</Button>}
        </Stack>
      </form>
    </Paper>
  );
}

function Days({ state, reload }: { state: State; reload: () => Promise<void> }) {
  return (
    <Paper withBorder p="lg" component="section" aria-label="The last seven days">
      <Stack gap="sm">
        <Group justify="space-between"><Title order={2} size="h4">The last seven days</Title><Button size="xs" variant="default" onClick={() => void reload()}>Load again</Button></Group>
        {state.days.length === 0 ? <Text size="sm" c="dimmed">No push message was sent yet. Counts come within a minute.</Text> : (
          <CardTable minWidth={480}>
            <Table verticalSpacing="sm">
              <Table.Thead><Table.Tr>{["Day (UTC)", "Service", "Sent", "Failed", "Device removed"].map(name => <Table.Th key={name}>{name}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {state.days.map(day => (
                  <Table.Tr key={day.day + day.kind}>
                    <Table.Td>{day.day}</Table.Td>
                    <Table.Td>{kindName(day.kind)}</Table.Td>
                    {[day.sent, day.failed, day.removed].map((count, index) => <Table.Td key={index}>{count.toLocaleString("en")}</Table.Td>)}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </CardTable>
        )}
        {state.failures.length > 0 && (
          <Stack gap="xs">
            <Title order={3} size="h5">Last failures</Title>
            {state.failures.map(failure => (
              <Text size="sm" key={failure.kind}><b>{kindName(failure.kind)}</b>, {dateTime(failure.at)}: {failure.explanation} <Text span c="dimmed" size="sm">({failure.reason})</Text></Text>
            ))}
          </Stack>
        )}
      </Stack>
    </Paper>
  );
}
