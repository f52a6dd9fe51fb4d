import { Badge, Button, Group, Paper, PasswordInput, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useForm } from "../form";
import { ErrorText } from "../parts/Parts";
import type { Credentials } from "./request";

interface Props { projectId: string; credentials: Credentials; onChange: (credentials: Credentials) => void }

/** Asks for the credentials of the calls below. They are kept in this page only. */
export function SignInAsUser({ projectId, credentials, onChange }: Props) {
  const [user, setUser] = useState("");
  const form = useForm({
    initial: { loginId: "", password: "" },
    check: ({ loginId, password }) => (loginId && password ? undefined : "Please enter a user and a password."),
    submit: async ({ loginId, password }) => {
      const response = await fetch("/api/v1/sessions", {
        method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ projectId, loginId, password, device: "API reference" }),
      });
      const answer = await response.json() as { accessToken?: string; detail?: string };
      if (!response.ok || !answer.accessToken) throw new Error(answer.detail ?? `The server answered ${response.status}: try again.`);
      onChange({ ...credentials, accessToken: answer.accessToken, user: loginId, password });
      setUser(loginId);
      form.set("password", "");
    },
  });
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Title order={2} size="h5">Your server: project keys</Title>
          <Text size="sm">Users and Chat take the project's id and auth token. The id is filled in everywhere.</Text>
          <PasswordInput label="Auth token" value={credentials.authToken} onChange={event => onChange({ ...credentials, authToken: event.currentTarget.value.trim() })} autoComplete="off" />
          <Text size="sm">The server API takes an API key.</Text>
          <PasswordInput label="API key" value={credentials.apiKey} onChange={event => onChange({ ...credentials, apiKey: event.currentTarget.value.trim() })} autoComplete="off" />
        </Stack>
      </Paper>
      <Paper withBorder p="md" component="form" {...form.props} aria-label="Log in as a user">
        <Stack gap="sm">
          <Group justify="space-between"><Title order={2} size="h5">Your app: a user of the project</Title>{user && <Badge variant="light" color="green" role="status">{user}</Badge>}</Group>
          <Group grow align="start">
            <TextInput label="User" {...form.input("loginId")} autoComplete="off" autoCapitalize="none" />
            <PasswordInput label="User's password" {...form.input("password")} autoComplete="off" />
          </Group>
          <ErrorText>{form.error}</ErrorText>
          <Button type="submit" variant="default" w="fit-content" loading={form.busy}>{user ? "Log in as another" : "Log in"}</Button>
        </Stack>
      </Paper>
    </SimpleGrid>
  );
}
