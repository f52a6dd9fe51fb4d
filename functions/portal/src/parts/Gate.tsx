import { Anchor, Center, Group, Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconMessage2 } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";
import { useSession } from "../session";

/** The frame of the pages that people see before they are signed in. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  const { info } = useSession();
  useEffect(() => { document.title = `${title} · Vox`; }, [title]);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={440}>
        <Group justify="center" gap="xs">
          <ThemeIcon size="lg"><IconMessage2 size={20} /></ThemeIcon>
          <Text fw={700} size="xl">Vox</Text>
        </Group>
        <Paper withBorder p={{ base: "md", sm: "xl" }} shadow="sm">
          <Stack>
            <Title order={1} size="h3">{title}</Title>
            {children}
          </Stack>
        </Paper>
        {info?.devMail && (
          <Text size="sm" ta="center">
            Development: e-mails are shown <Anchor href="/portal/dev-mail" target="_blank" underline="always">here</Anchor>.
          </Text>
        )}
      </Stack>
    </Center>
  );
}
