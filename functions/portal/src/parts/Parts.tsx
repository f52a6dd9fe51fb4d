export { CardTable } from "./CardTable";
import { ActionIcon, Alert, Box, Button, Center, Code, CopyButton, Group, Loader, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconAlertCircle, IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";

export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  useEffect(() => { document.title = `${title} · Vox`; }, [title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="sm">
        <Title order={1} size="h2">{title}</Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export const ErrorText = ({ children }: { children?: ReactNode }) =>
  children ? <Alert role="alert" color="red" variant="light" icon={<IconAlertCircle />}>{children}</Alert> : null;

export function Loaded<T>({ of, children }: { of: { data?: T; error?: string; reload: () => void }; children: (data: T) => ReactNode }) {
  if (of.error)
    return (
      <Alert role="alert" color="red" variant="light" icon={<IconAlertCircle />} title="This could not be loaded">
        <Stack align="start" gap="xs">{of.error}<Button size="xs" variant="default" onClick={of.reload}>Try again</Button></Stack>
      </Alert>
    );
  return of.data === undefined ? <Center p="xl"><Loader aria-label="Loading" /></Center> : children(of.data);
}

export const Empty = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <Center py={48}><Stack align="center" gap="sm"><Text c="dimmed" ta="center">{children}</Text>{action}</Stack></Center>
);

export function CopyLine({ label, value }: { label: string; value: string }) {
  return (
    <Box>
      <Text size="sm" fw={500}>{label}</Text>
      <Group gap="xs" wrap="nowrap">
        <Code fz="sm" p={6} style={{ overflowWrap: "anywhere" }}>{value}</Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? "Copied" : "Copy"}>
              <ActionIcon variant="subtle" onClick={copy} aria-label={`Copy ${label}`}>
                {copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
    </Box>
  );
}
