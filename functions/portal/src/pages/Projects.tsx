import { Alert, Badge, Button, Card, Checkbox, Group, Modal, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { post, type InvitationDetails, type Keys } from "../api";
import { useForm } from "../form";
import { date } from "../format";
import { useAction, useLoad } from "../hooks";
import { CopyLine, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { useProjects } from "../projects";

export function Projects() {
  const projects = useProjects();
  const [opened, setOpened] = useState(false);
  const create = <Button onClick={() => setOpened(true)}>Create project</Button>;
  return (
    <Page title="Projects" actions={create}>
      <OpenInvitations onAccepted={projects.reload} />
      <Loaded of={projects}>
        {list => list.length === 0 ? (
          <Empty action={create}>You have no project yet. A project gives you the keys for the SDK and the REST API.</Empty>
        ) : (
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {list.map(project => (
              <Card key={project.id} component={Link} to={`/projects/${project.id}`} withBorder>
                <Group justify="space-between" wrap="nowrap">
                  <Title order={2} size="h4" lineClamp={1} style={{ overflowWrap: "anywhere" }}><bdi>{project.name}</bdi></Title>
                  <Badge variant="light">{project.role}</Badge>
                </Group>
                <Text size="sm" c="dimmed" truncate>{project.id}</Text>
                <Text size="sm" c="dimmed">Created {date(project.createdAt)}</Text>
              </Card>
            ))}
          </SimpleGrid>
        )}
      </Loaded>
      <CreateProject opened={opened} onClose={() => { setOpened(false); void projects.reload(); }} />
    </Page>
  );
}

/** Invitations to this account: they need no link. */
function OpenInvitations({ onAccepted }: { onAccepted: () => Promise<unknown> }) {
  const open = useLoad<{ invitations: InvitationDetails[] }>("invitations");
  const navigate = useNavigate();
  const action = useAction();
  if (!open.data?.invitations.length) return null;
  return (
    <Stack component="section" aria-label="Invitations" gap="sm">
      <ErrorText>{action.error}</ErrorText>
      {open.data.invitations.map(invitation => (
        <Alert key={invitation.projectId} color="blue" variant="light" title={<>You are invited to <bdi>{invitation.project}</bdi></>}>
          <Group justify="space-between">
            <Text size="sm">{invitation.invitedBy} invites you as {invitation.role}. Open until {date(invitation.expiresAt)}.</Text>
            <Button size="xs" loading={action.busy} aria-label={`Accept the invitation to ${invitation.project}`} onClick={() => void action.run(async () => {
              await post("invitations/accept", { projectId: invitation.projectId });
              await Promise.all([onAccepted(), open.reload()]);
              await navigate(`/projects/${invitation.projectId}`);
            })}>Accept</Button>
          </Group>
        </Alert>
      ))}
    </Stack>
  );
}

function CreateProject({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [keys, setKeys] = useState<Keys>();
  const navigate = useNavigate();
  const form = useForm({
    initial: { name: "" },
    check: ({ name }) => (name.trim() ? undefined : "Please enter a name."),
    submit: async values => setKeys(await post<Keys>("projects", values)),
  });
  const close = () => { setKeys(undefined); form.reset(); onClose(); };

  return (
    // While the token is shown, a click beside the window must not lose it.
    <Modal opened={opened} onClose={close} title={keys ? "Your project keys" : "Create project"} closeOnClickOutside={!keys} closeOnEscape={!keys} withCloseButton={!keys}>
      {keys
        ? <ShowKeys keys={keys} onDone={() => { close(); void navigate(`/projects/${keys.projectId}`); }} />
        : (
          <form {...form.props}>
            <Stack>
              <TextInput label="Project name" {...form.input("name")} maxLength={60} required data-autofocus />
              <ErrorText>{form.error}</ErrorText>
              <Button type="submit" loading={form.busy}>Create project</Button>
            </Stack>
          </form>
        )}
    </Modal>
  );
}

export function ShowKeys({ keys, onDone }: { keys: Keys; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <CopyLine label="Project ID" value={keys.projectId} />
      <CopyLine label="Auth token" value={keys.authToken} />
      <Alert color="yellow" variant="light">The auth token is shown only now. Keep it on your server: with it, users can be created and deleted and all messages read.</Alert>
      <Checkbox label="I have stored the auth token" checked={kept} onChange={event => setKept(event.currentTarget.checked)} />
      <Button disabled={!kept} onClick={onDone}>Done</Button>
    </Stack>
  );
}
