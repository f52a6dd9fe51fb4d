import { Alert, Badge, Button, Group, List, Paper, Stack, Switch, Text, Textarea, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { post, put } from "../api";
import { useForm } from "../form";
import { dateTime } from "../format";
import { useAction, useLoad } from "../hooks";
import { ErrorText, Loaded, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";

interface Lists { block: string[]; mask: string[]; flag: string[]; server: boolean }
interface Stored extends Lists { changedAt?: string; changedBy?: string }
interface Tried { action?: "block" | "mask" | "flag"; text: string; found: string[] }

const names = [
  ["block", "Refuse", "A message with one of these is not stored: the sender is told to change it."],
  ["mask", "Mask", "Asterisks take the place of these."],
  ["flag", "Flag", "A message with one of these is stored, and stands in the moderators' queue."],
] as const;
const verdicts = { block: ["red", "Refused"], mask: ["yellow", "Masked"], flag: ["yellow", "Flagged"] } as const;
const linesOf = (text: string) => text.split("\n").map(line => line.trim()).filter(Boolean);

/** Words that messages of the project may not have. */
export function WordLists() {
  const { project } = useProject();
  const path = `projects/${project.id}/words`;
  const found = useLoad<Stored>(path, { fresh: true });
  return (
    <Page title="Word lists">
      <Text c="dimmed">One word or phrase a line, at most 10,000 together. Capitals, accents, invisible characters and letters that look alike make no difference.</Text>
      <List size="sm" c="dimmed">
        <List.Item><b>spam</b> is found as a whole word only. <b>*spam*</b> is found within other words, too.</List.Item>
        <List.Item>The lists come after the before-send hook. Changes hold within a minute.</List.Item>
      </List>
      <Loaded of={found}>{stored => <Edit key={stored.changedAt ?? ""} path={path} stored={stored} onSaved={found.reload} />}</Loaded>
    </Page>
  );
}

function Edit({ path, stored, onSaved }: { path: string; stored: Stored; onSaved: () => Promise<void> }) {
  const { project } = useProject();
  const edit = canEdit(project);
  const form = useForm({
    initial: () => ({ block: stored.block.join("\n"), mask: stored.mask.join("\n"), flag: stored.flag.join("\n"), server: stored.server }),
    submit: async values => {
      await put(path, listsOf(values));
      notifications.show({ message: "The lists were saved", color: "green" });
      await onSaved();
    },
  });
  return (
    <Stack gap="lg">
      <form {...form.props}>
        <Stack>
          {names.map(([name, label, description]) => (
            <Textarea key={name} label={label} description={`${description} ${linesOf(form.values[name]).length.toLocaleString("en")} entries.`}
              {...form.input(name)} readOnly={!edit} autosize minRows={4} maxRows={12} spellCheck={false} dir="auto" />
          ))}
          <Switch label="Also for messages of your own servers" {...form.checkbox("server")} disabled={!edit} />
          {stored.changedAt && <Text size="sm" c="dimmed">Changed {dateTime(stored.changedAt)} by {stored.changedBy}</Text>}
          <ErrorText>{form.error}</ErrorText>
          {edit && <Group><Button type="submit" loading={form.busy}>Save</Button></Group>}
        </Stack>
      </form>
      <TryOut path={path} lists={() => listsOf(form.values)} />
    </Stack>
  );
}

const listsOf = (values: { block: string; mask: string; flag: string; server: boolean }) =>
  ({ block: linesOf(values.block), mask: linesOf(values.mask), flag: linesOf(values.flag), server: values.server });

/** What the lists, as they stand in the form, say of a text. */
function TryOut({ path, lists }: { path: string; lists: () => Lists }) {
  const [text, setText] = useState("");
  const [tried, setTried] = useState<Tried>();
  const action = useAction();
  const run = () => void action.run(async () => setTried(await post<Tried>(`${path}/try`, { text, lists: lists() })));
  return (
    <Paper withBorder p="lg" component="section" aria-label="Try it">
      <Stack gap="sm">
        <Title order={2} size="h4">Try it</Title>
        <Textarea label="A message" description="With the lists above, saved or not. Nothing is sent." value={text} dir="auto" maxLength={4_000}
          onChange={event => { setText(event.currentTarget.value); setTried(undefined); }} autosize minRows={2} />
        <Group><Button variant="default" onClick={run} loading={action.busy} disabled={!text}>Try</Button></Group>
        <ErrorText>{action.error}</ErrorText>
        {tried && (
          <Alert role="status" variant="light" color={tried.action ? verdicts[tried.action][0] : "green"}>
            <Stack gap="xs">
              <Badge variant="light" color={tried.action ? verdicts[tried.action][0] : "green"}>{tried.action ? verdicts[tried.action][1] : "Stored as it is"}</Badge>
              {tried.action === "mask" && <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{tried.text}</Text>}
              {tried.found.length > 0 && <Text size="sm" style={{ overflowWrap: "anywhere" }}>Found: <bdi>{tried.found.join(", ")}</bdi></Text>}
            </Stack>
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
