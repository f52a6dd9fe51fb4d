import { Alert, Button, Code, Group, List, Modal, Paper, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useNavigate } from "react-router";
import { del, messageOf, post, put, type Keys } from "../api";
import { useForm } from "../form";
import { dateTime } from "../format";
import { CopyLine, ErrorText, Page } from "../parts/Parts";
import { PushKeys } from "../parts/PushKeys";
import { canEdit, useProject, useProjects } from "../projects";
import { ShowKeys } from "./Projects";

export function ProjectSettings() {
  const { project, reload } = useProject();
  const projects = useProjects();
  const navigate = useNavigate();
  const [keys, setKeys] = useState<Keys>();
  const [rotating, setRotating] = useState(false);
  const path = `projects/${project.id}`;
  const rotate = useForm({
    initial: { overlap: "24" as string | null },
    submit: async ({ overlap }) => {
      setKeys(await post<Keys>(`${path}/token`, { overlapHours: Number(overlap) }));
      setRotating(false);
    },
  });
  const end = (id: string) => modals.openConfirmModal({
    title: "End this auth token now?",
    children: <Text size="sm">Servers that still use it are refused at once. This cannot be undone.</Text>,
    labels: { confirm: "End it", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void del(`${path}/token?id=${encodeURIComponent(id)}`).then(
      () => notifications.show({ message: "The token has ended", color: "green" }),
      error => notifications.show({ message: messageOf(error), color: "red" })).then(reload),
  });
  const media = useForm({
    initial: {},
    submit: async () => {
      await post(`${path}/media-secret`, {});
      notifications.show({ message: "Addresses of files from before no longer work", color: "green" });
    },
  });
  const rename = useForm({
    initial: { name: project.name },
    submit: async values => {
      await put(`${path}/name`, values);
      notifications.show({ message: "Project renamed", color: "green" });
      await Promise.all([reload(), projects.reload()]);
    },
  });
  const remove = useForm({
    initial: { confirmation: "" },
    submit: async values => {
      await post(`${path}/delete`, values);
      notifications.show({ message: "Project deleted", color: "green" });
      await projects.reload();
      await navigate("/");
    },
  });

  return (
    <Page title="Project settings">
      <Stack maw={640} gap="lg">
        <Paper withBorder p="lg">
          <Stack>
            <Title order={2} size="h4">Keys</Title>
            <CopyLine label="Project ID" value={project.id} />
            <Text size="sm">Auth tokens are stored only as hashes and cannot be shown again.</Text>
            <List size="sm" spacing={6} aria-label="Valid auth tokens" listStyleType="none">
              {project.tokens.map(token => (
                <List.Item key={token.id}>
                  <Group gap="xs">
                    <Code>{token.id}…</Code>
                    <Text span size="sm">{token.until ? `earlier token, ends ${dateTime(token.until)}` : "present token"}</Text>
                    {token.until && canEdit(project) && <Button size="compact-xs" variant="light" color="red" aria-label={`End the token ${token.id} now`} onClick={() => end(token.id)}>End now</Button>}
                  </Group>
                </List.Item>
              ))}
            </List>
            <Text size="xs" c="dimmed">The letters tell the tokens apart: they are no part of them.</Text>
            {canEdit(project) && <Button w="fit-content" variant="default" onClick={() => setRotating(true)}>Make a new auth token</Button>}
          </Stack>
        </Paper>
        {canEdit(project) && (
          <Paper withBorder p="lg">
            <Stack>
              <Title order={2} size="h4">Addresses of files</Title>
              <Text size="sm">An address of a file shows what its user may see, also to others who have it. Here you make all addresses invalid that were given out before. Apps get new ones when their users log in, or within a quarter of an hour.</Text>
              <ErrorText>{media.error}</ErrorText>
              <Button w="fit-content" variant="default" loading={media.busy} onClick={media.submit}>Make new addresses</Button>
            </Stack>
          </Paper>
        )}
        <PushKeys />
        {canEdit(project) && (
          <Paper withBorder p="lg">
            <Stack>
              <Title order={2} size="h4">Name</Title>
              <TextInput label="Project name" {...rename.input("name")} maxLength={60} />
              <ErrorText>{rename.error}</ErrorText>
              <Button w="fit-content" loading={rename.busy} onClick={rename.submit}>Rename</Button>
            </Stack>
          </Paper>
        )}
        {project.role === "owner" && (
          <Paper withBorder p="lg">
            <Stack>
              <Title order={2} size="h4">Delete this project</Title>
              <Text size="sm">All users, conversations, messages and settings are deleted. The keys stop working at once. This cannot be undone.</Text>
              <TextInput label={<>Type <b><bdi>{project.name}</bdi></b> to confirm</>} {...remove.input("confirmation")} autoComplete="off" />
              <ErrorText>{remove.error}</ErrorText>
              <Button w="fit-content" color="red" disabled={remove.values.confirmation.trim() !== project.name} loading={remove.busy} onClick={remove.submit}>Delete project</Button>
            </Stack>
          </Paper>
        )}
      </Stack>
      <Modal opened={rotating} onClose={() => setRotating(false)} title="Make a new auth token?">
        <form {...rotate.props}>
          <Stack>
            <Text size="sm">Servers have to get the new token before the present one ends. Tokens from before stay good until their own ends.</Text>
            <Select label="The present one stays good for" data={[{ value: "0", label: "no time: it is void at once" }, { value: "1", label: "1 hour" }, { value: "24", label: "24 hours" }, { value: "168", label: "7 days" }]} {...rotate.input("overlap")} allowDeselect={false} />
            {rotate.values.overlap === "0" && <Alert color="orange" variant="light">Servers that use the present token are refused from now on.</Alert>}
            <ErrorText>{rotate.error}</ErrorText>
            <Group><Button type="submit" loading={rotate.busy}>Make it</Button><Button variant="default" onClick={() => setRotating(false)}>Cancel</Button></Group>
          </Stack>
        </form>
      </Modal>
      <Modal opened={!!keys} onClose={() => {}} withCloseButton={false} title="Your new auth token">
        {keys && <ShowKeys keys={keys} onDone={() => { setKeys(undefined); void reload(); }} />}
      </Modal>
    </Page>
  );
}
