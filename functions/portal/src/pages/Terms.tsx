import { Container, Stack, Text, Title } from "@mantine/core";
import { useSession } from "../session";

export function Terms() {
  const { info } = useSession();
  return (
    <Container component="main" size="sm" py="xl">
      <Stack>
        <Title order={1} size="h2">Terms &amp; Conditions</Title>
        <Text c="dimmed">Version {info?.terms}</Text>
        <Text>This is a placeholder. The operator of this installation replaces it with the terms that apply, and raises the version (setting Portal__TermsVersion) whenever they change.</Text>
        <Title order={2} size="h4">Refunds and cancellation</Title>
        <Text>Credits are used up by the daily charges of a project. What the operator refunds, and when, belongs here.</Text>
      </Stack>
    </Container>
  );
}
