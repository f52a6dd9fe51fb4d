import { Button, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link } from "react-router";
import { href } from "../api";
import { count } from "../format";
import { Page } from "../parts/Parts";
import { Prices } from "../parts/Prices";
import { useProject } from "../projects";

export function Overview() {
  const { project } = useProject();
  return (
    <Page title="Chat overview" actions={<Button component="a" href={href(`projects/${project.id}/pricing.xlsx`)} download leftSection={<IconDownload size={16} />}>View pricing</Button>}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Paper withBorder p="lg">
          <Stack gap="xs">
            <Title order={2} size="h4">This project</Title>
            <Text>{count(project.users)} users. Chat logs are {project.logEnabled ? "enabled" : "disabled"}.</Text>
            <Button component={Link} to="../chat-settings" variant="default" w="fit-content">Change settings</Button>
          </Stack>
        </Paper>
        <Paper withBorder p="lg">
          <Stack gap="xs">
            <Title order={2} size="h4">What chat costs</Title>
            <Text>Chat is charged per day, by the number of users and the storage that messages and files take up. Messages themselves are free. The spreadsheet holds the rates; the charges are computed from the same list.</Text>
            <List size="sm"><List.Item>Credits are paid in advance: see Credits, in the navigation and top right.</List.Item><List.Item>Owners get an e-mail when they run low.</List.Item></List>
            <Prices />
          </Stack>
        </Paper>
      </SimpleGrid>
    </Page>
  );
}
