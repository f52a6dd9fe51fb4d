import { Anchor, Badge, Button, Group, Modal, Paper, Radio, SegmentedControl, Select, Stack, Text, Textarea, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { Link } from "react-router";
import { get, post } from "../api";
import { useForm } from "../form";
import { dateTime } from "../format";
import { useAction, useLoad } from "../hooks";
import { Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";

type Action = "keep" | "delete" | "mute" | "ban";
interface Flag {
  id: string; kind: "message" | "user"; user: string; conversation?: string; sequence?: number; state: "open" | "decided"; count: number; reason: string;
  firstAt: string; lastAt: string; decision?: { action: Action; note?: string; by: string; at: string };
}
interface FlagPage { flags: Flag[]; next?: string }
interface Message { sequence: number; from: string; data: string; type: number; sentAt: number; erased?: boolean; system?: boolean }
interface Detail { flag: Flag; reports: { by: string; reason: string; text?: string; at: string }[]; messages: Message[] }

const reasons: Record<string, string> = {
  spam: "Spam", harassment: "Harassment", hate: "Hate", violence: "Violence", sexual: "Sexual", self_harm: "Self-harm", illegal: "Illegal", other: "Other", word_list: "Word list",
};
const reasonOf = (reason: string) => reasons[reason] ?? reason;
const done: Record<Action, string> = { keep: "Kept", delete: "Message deleted", mute: "User muted", ban: "User banned" };

/** What users have flagged, and what developers decide about it. */
export function Moderation() {
  const { project } = useProject();
  const path = `projects/${project.id}/flags`;
  const [state, setState] = useState("open");
  const [more, setMore] = useState<FlagPage>();
  const [opened, setOpened] = useState<Flag>();
  const first = useLoad<FlagPage>(`${path}?state=${state}`);
  const action = useAction();

  const decided = async (flag: Flag) => {
    setOpened(undefined);
    setMore(undefined);
    notifications.show({ message: done[flag.decision!.action], color: "green" });
    await first.reload();
  };

  return (
    <Page title="Moderation" actions={<Button variant="default" onClick={() => { setMore(undefined); void first.reload(); }}>Load again</Button>}>
      <Text c="dimmed">Messages and users that were flagged by users of your app. Each is here once, whoever flags it.</Text>
      <SegmentedControl aria-label="Which are shown" value={state} onChange={next => { setMore(undefined); setState(next); }} w="fit-content"
        data={[{ value: "open", label: "To decide" }, { value: "decided", label: "Decided" }]} />
      <Loaded of={first}>
        {page => {
          const flags = [...page.flags, ...(more?.flags ?? [])];
          const next = more ? more.next : page.next;
          return flags.length === 0 ? <Empty>{state === "open" ? "Nothing waits for a decision." : "Nothing was decided yet."}</Empty> : (
            <Stack gap="sm">
              {flags.map(flag => (
                <Paper key={flag.id} withBorder p="md" component="section" aria-label={nameOf(flag)}>
                  <Group justify="space-between" gap="sm">
                    <Stack gap={4} style={{ minWidth: 0 }}>
                      <Group gap="xs">
                        <Badge variant="light" color="yellow">{reasonOf(flag.reason)}</Badge>
                        {flag.count > 1 && <Badge variant="light" color="gray">{flag.count.toLocaleString("en")} flags</Badge>}
                        {flag.decision && <Badge variant="light" color="green">{done[flag.decision.action]}</Badge>}
                      </Group>
                      <Text fw={500} style={{ overflowWrap: "anywhere" }}>{flag.kind === "message" ? "Message by " : "User "}<bdi>{flag.user}</bdi></Text>
                      <Text size="sm" c="dimmed">{flag.decision ? `Last decided ${dateTime(flag.decision.at)} by ${flag.decision.by}` : `Last flagged ${dateTime(flag.lastAt)}`}</Text>
                    </Stack>
                    <Button variant="default" onClick={() => setOpened(flag)} aria-label={`Look at: ${nameOf(flag)}`}>Look</Button>
                  </Group>
                </Paper>
              ))}
              <ErrorText>{action.error}</ErrorText>
              {next && <Button variant="default" w="fit-content" loading={action.busy} onClick={() => void action.run(async () => {
                const loaded = await get<FlagPage>(`${path}?state=${state}&after=${encodeURIComponent(next)}`);
                setMore({ ...loaded, flags: [...(more?.flags ?? []), ...loaded.flags] });
              })}>More</Button>}
            </Stack>
          );
        }}
      </Loaded>
      <Modal opened={!!opened} onClose={() => setOpened(undefined)} title={opened && nameOf(opened)} size="lg">
        {opened && <Look path={`${path}/${opened.id}`} onDecided={decided} />}
      </Modal>
    </Page>
  );
}

const nameOf = (flag: Flag) => flag.kind === "message" ? `Message ${flag.sequence} by ${flag.user}` : `User ${flag.user}`;

function Look({ path, onDecided }: { path: string; onDecided: (flag: Flag) => Promise<void> }) {
  const { project } = useProject();
  const found = useLoad<Detail>(path, { fresh: true });
  return (
    <Loaded of={found}>
      {({ flag, reports, messages }) => (
        <Stack gap="lg">
          <Anchor component={Link} to={`/projects/${project.id}/user?name=${encodeURIComponent(flag.user)}`} underline="always" size="sm">The user <bdi>{flag.user}</bdi></Anchor>
          {flag.kind === "message" && (
            <Stack gap="xs" component="section" aria-label="The conversation">
              <Title order={3} size="h5">The conversation</Title>
              {messages.length === 0 && <Text size="sm" c="dimmed">Nothing is left of the message.</Text>}
              {messages.map(message => (
                <Paper key={message.sequence} withBorder p="xs" style={message.sequence === flag.sequence ? { borderColor: "var(--mantine-color-orange-filled)", borderWidth: 2 } : undefined}>
                  <Text size="xs" c="dimmed"><bdi>{message.system ? "Your system" : message.from}</bdi>, {dateTime(new Date(message.sentAt).toISOString())}{message.sequence === flag.sequence && " (flagged)"}</Text>
                  <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{message.erased ? <i>Deleted</i> : message.data}</Text>
                </Paper>
              ))}
            </Stack>
          )}
          <Stack gap="xs" component="section" aria-label="Flags">
            <Title order={3} size="h5">Flags</Title>
            {reports.map((report, i) => (
              <Stack key={i} gap={2}>
                <Text size="sm"><b>{reasonOf(report.reason)}</b>{report.by && <> by <bdi>{report.by}</bdi></>}, {dateTime(report.at)}</Text>
                {report.text && <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{report.text}</Text>}
              </Stack>
            ))}
            {flag.count > reports.length && <Text size="sm" c="dimmed">The newest of {flag.count.toLocaleString("en")}.</Text>}
          </Stack>
          {flag.decision && <Text size="sm">{done[flag.decision.action]} {dateTime(flag.decision.at)} by {flag.decision.by}{flag.decision.note && <>: <q>{flag.decision.note}</q></>}</Text>}
          {canEdit(project) ? <Decide path={path} flag={flag} onDecided={onDecided} /> : <Text size="sm" c="dimmed">Admins and owners of the project decide.</Text>}
        </Stack>
      )}
    </Loaded>
  );
}

const lengths = [
  { value: "1", label: "an hour" }, { value: "24", label: "a day" }, { value: "168", label: "a week" }, { value: "720", label: "30 days" }, { value: "", label: "ever, until somebody lifts it" },
];

function Decide({ path, flag, onDecided }: { path: string; flag: Flag; onDecided: (flag: Flag) => Promise<void> }) {
  const form = useForm({
    initial: { action: "" as Action | "", hours: "24" as string | null, note: "" },
    check: values => values.action ? undefined : "Please choose what is to be done.",
    submit: async ({ action, hours, note }) => {
      const ends = (action === "mute" || action === "ban") && hours ? new Date(Date.now() + Number(hours) * 3_600_000).toISOString() : undefined;
      await onDecided(await post<Flag>(`${path}/decision`, { action, until: ends, note: note.trim() || undefined }));
    },
  });
  const { action } = form.values;
  return (
    <form {...form.props}>
      <Stack>
        <Radio.Group label="Decision" {...form.input("action")}>
          <Stack gap="xs" mt="xs">
            <Radio value="keep" label="Keep: nothing is done" />
            {flag.kind === "message" && <Radio value="delete" label="Delete the message for everyone" />}
            <Radio value="mute" label="Mute the user: they read, and send nothing" />
            <Radio value="ban" label="Ban the user: they cannot log in" />
          </Stack>
        </Radio.Group>
        {(action === "mute" || action === "ban") && <Select label="For" data={lengths} {...form.input("hours")} allowDeselect={false} />}
        <Textarea label="Note" description="For other moderators. Users do not see it." {...form.input("note")} maxLength={200} autosize minRows={2} />
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy} color={action === "delete" || action === "ban" ? "red" : undefined}>Decide</Button></Group>
      </Stack>
    </form>
  );
}
