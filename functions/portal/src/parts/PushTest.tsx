import { Alert, Badge, Button, Group, Paper, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { get, post } from "../api";
import { useForm } from "../form";
import { dateTime } from "../format";
import { useAction } from "../hooks";
import { useProject } from "../projects";
import { CardTable, ErrorText } from "./Parts";

interface Device { id: string; kind: string; language?: string; appVersion?: string; seenAt: string }
interface Result { device: string; kind: string; outcome: "sent" | "gone" | "later" | "refused"; reason?: string; explanation: string }

export const kindName = (kind: string) => ({ web: "Browser", fcm: "Firebase", apns: "Apple" })[kind] ?? kind;

/** Finds a user's devices and sends a test push message to one of them. */
export function PushTest() {
  const { project } = useProject();
  const path = `projects/${project.id}/push`;
  const [found, setFound] = useState<{ username: string; devices: Device[] }>();
  const [result, setResult] = useState<Result>();
  const { busy, error, run } = useAction();
  const form = useForm({
    initial: { username: "" },
    check: ({ username }) => username.trim() ? undefined : "Please enter a username.",
    submit: async ({ username }) => {
      setResult(undefined);
      setFound({ username, ...(await get<{ devices: Device[] }>(`${path}/devices?username=${encodeURIComponent(username)}`)) });
    },
  });
  const test = (device: Device) => run(async () => {
    setResult(undefined);
    setResult((await post<{ results: Result[] }>(`${path}/test`, { username: found!.username, device: device.id })).results[0]);
  });

  return (
    <Paper withBorder p="lg" component="section" aria-label="Test">
      <Stack>
        <Title order={2} size="h4">Send a test</Title>
        <Text size="sm">A user's device gets a message at once, with “Test” as its title, also in its hours of quiet. It is not counted.</Text>
        <form {...form.props}>
          <Stack gap="sm">
            <TextInput label="Username" {...form.input("username")} maxLength={200} required maw={360} />
            <ErrorText>{form.error}</ErrorText>
            <Button type="submit" variant="default" w="fit-content" loading={form.busy}>Find devices</Button>
          </Stack>
        </form>
        {found && (found.devices.length === 0
          ? <Text size="sm" c="dimmed">{found.username} has no device that gets push messages. Apps register theirs after the log-in.</Text>
          : (
            <CardTable minWidth={480}>
              <Table verticalSpacing="sm" aria-label={`Devices of ${found.username}`}>
                <Table.Thead><Table.Tr><Table.Th>Service</Table.Th><Table.Th>Language</Table.Th><Table.Th>App</Table.Th><Table.Th>Registered</Table.Th><Table.Th>Test</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {found.devices.map(device => (
                    <Table.Tr key={device.id}>
                      <Table.Td>{kindName(device.kind)}</Table.Td>
                      <Table.Td>{device.language ?? "not known"}</Table.Td>
                      <Table.Td>{device.appVersion ?? "not known"}</Table.Td>
                      <Table.Td>{dateTime(device.seenAt)}</Table.Td>
                      <Table.Td><Button size="xs" variant="default" loading={busy} onClick={() => void test(device)} aria-label={`Send a test to ${kindName(device.kind)}, ${device.id.slice(0, 6)}`}>Send a test</Button></Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </CardTable>
          ))}
        <ErrorText>{error}</ErrorText>
        {result && (
          <Alert role="status" variant="light" color={result.outcome === "sent" ? "green" : "red"} title={result.outcome === "sent" ? "Sent" : result.outcome === "gone" ? "The device is gone" : "Not sent"}>
            <Group gap="xs">{result.explanation}{result.reason && <Badge variant="default" tt="none">{result.reason}</Badge>}</Group>
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
