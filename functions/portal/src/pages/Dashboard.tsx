import "@mantine/charts/styles.css";
import "@mantine/dates/styles.css";
import { AreaChart, BarChart } from "@mantine/charts";
import { Anchor, Button, Card, Group, List, Paper, SegmentedControl, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import { IconDownload } from "@tabler/icons-react";
import dayjs from "dayjs";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { href } from "../api";
import { bytes, count, date, money } from "../format";
import { useLoad } from "../hooks";
import { CardTable, CopyLine, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";

interface Day { day: string; messages: number; activeUsers: number; users?: number; storageBytes?: number; userCharge: number; storageCharge: number; charge: number }
interface Usage { currency: string; days: Day[]; messages: number; users: number; storageBytes: number; userCharge: number; storageCharge: number; charge: number; balance: number }

const utcDay = (time: string | number = Date.now()) => new Date(time).toISOString().slice(0, 10);

const axes = { yAxisProps: { allowDecimals: false }, xAxisProps: { tickFormatter: (day: string) => dayjs(day).format("MMM D") } };

const Figure = ({ label, value, parts }: { label: string; value: string; parts?: string }) => (
  <Card withBorder padding="md">
    <Text size="sm" c="dimmed">{label}</Text><Text fz={{ base: 22, sm: 28 }} fw={700}>{value}</Text>{parts && <Text size="xs" c="dimmed">{parts}</Text>}
  </Card>
);

/** A chart is a picture. The table has the same numbers for people who cannot see it. */
const Chart = ({ title, total, children }: { title: string; total: string; children: ReactNode }) => (
  <div role="img" aria-label={`${title} per day, ${total} in all; every day's number is in the table`} data-chart={title}>
    <Text size="sm" fw={500} mb="xs" aria-hidden>{title}</Text>{children}
  </div>
);

/** What a new project shows in place of charts without anything in them. */
const FirstSteps = ({ credits }: { credits: string }) => (
  <Paper withBorder p="lg" component="section" aria-label="First steps">
    <Stack gap="sm">
      <Title order={2} size="h3">Quick start</Title>
      <Text>Nothing has happened in this project yet. Three steps to the first message:</Text>
      <List type="ordered" spacing={6}>
        <List.Item>Create two users: <Anchor component={Link} to="users" underline="always">here</Anchor>, or from your server.</List.Item>
        <List.Item>Send a message with one line of curl, or open the demo as your users.</List.Item>
        <List.Item>Put the SDK into your web page.</List.Item>
      </List>
      <Group><Button component={Link} to="quick-start">Open Quick start</Button><Button component={Link} to="users" variant="default">Add users</Button></Group>
      <Text size="sm" c="dimmed">Charts appear here with the first user. Credits: {credits}.</Text>
    </Stack>
  </Paper>
);

export default function Dashboard() {
  const { project } = useProject();
  // Days are those of UTC, as the server counts them. A project has none from before it was made.
  const today = utcDay();
  const born = utcDay(project.createdAt);
  const since = (first: string) => (first < born ? born : first);
  // The last 30 days at first: on the first of a month, that month would be a single day.
  const month = since(today.slice(0, 8) + "01"), month30 = since(utcDay(Date.now() - 29 * 86_400_000));
  const [range, setRange] = useState<[string | null, string | null]>([month30, today]);
  const [view, setView] = useState("charts");
  // While a range is being picked, only its first day is known. The old range is shown until the last day is known too.
  const [shown, setShown] = useState(range);
  const query = `from=${shown[0]}&to=${shown[1]}`;
  const usage = useLoad<Usage>(`projects/${project.id}/usage?${query}`);
  // What is charged for a day is known after it: until then, today has what the tiles say, so that charts and tiles agree.
  const days = usage.data?.days.map(day => (day.day === today ? { ...day, users: usage.data!.users, storageBytes: usage.data!.storageBytes } : day)) ?? [];
  const pick = (value: [string | null, string | null]) => { setRange(value); if (value[0] && value[1]) setShown(value); };

  return (
    <Page title="Dashboard" actions={<Group align="end" gap="xs">
      <DatePickerInput type="range" label="Period" value={range} onChange={pick} minDate={born} maxDate={today} allowSingleDateInRange valueFormat="MMM D, YYYY" w={260}
        presets={[{ value: [month30, today], label: "Last 30 days" }, { value: [month, today], label: "This month" }]} />
      <Button component="a" href={href(`projects/${project.id}/usage.csv?${query}`)} download variant="default" leftSection={<IconDownload size={16} />}>CSV</Button>
    </Group>}>
      <Loaded of={usage}>
        {data => data.users === 0 && data.messages === 0 && data.charge === 0 ? <FirstSteps credits={money(data.balance, data.currency)} /> : (
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 2, md: 5 }}>
              <Figure label="Messages" value={count(data.messages)} />
              <Figure label="Users" value={count(data.users)} />
              <Figure label="Storage" value={bytes(data.storageBytes)} />
              <Figure label="Spend" value={money(data.charge, data.currency)} parts={`Users ${money(data.userCharge, data.currency)}, storage ${money(data.storageCharge, data.currency)}`} />
              <Figure label="Credits left" value={money(data.balance, data.currency)} />
            </SimpleGrid>
            <Paper withBorder p="md">
              <Group justify="space-between" mb="md">
                <Title order={2} size="h4">Per day</Title>
                <SegmentedControl value={view} onChange={setView} data={[{ value: "charts", label: "Charts" }, { value: "table", label: "Table" }]} aria-label="Show as" />
              </Group>
              {view === "charts" ? (
                <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
                  <Chart title="Messages" total={count(data.messages)}>
                    <BarChart h={220} data={data.days} dataKey="day" series={[{ name: "messages", label: "Messages", color: "blue.6" }]} valueFormatter={count} {...axes} />
                  </Chart>
                  <Chart title="Spend" total={money(data.charge, data.currency)}>
                    {data.charge === 0 ? <Text size="sm" c="dimmed">Nothing was spent in this period.</Text> : <BarChart h={220} data={data.days} dataKey="day" withLegend type="stacked" series={[{ name: "userCharge", label: "For users", color: "grape.6" }, { name: "storageCharge", label: "For storage", color: "violet.3" }]} valueFormatter={value => money(value, data.currency)} {...axes} yAxisProps={{ width: 72 }} />}
                  </Chart>
                  <Chart title="Users" total={`${count(data.users)} users`}>
                    <AreaChart h={220} data={days} dataKey="day" withLegend series={[{ name: "users", label: "Users", color: "gray.6" }, { name: "activeUsers", label: "Active on the day", color: "teal.6" }]} curveType="linear" valueFormatter={count} {...axes} />
                  </Chart>
                  <Chart title="Storage" total={bytes(data.storageBytes)}>
                    <AreaChart h={220} data={days} dataKey="day" series={[{ name: "storageBytes", label: "Storage", color: "violet.6" }]} curveType="linear" valueFormatter={bytes} {...axes} yAxisProps={{ width: 72 }} />
                  </Chart>
                </SimpleGrid>
              ) : (
                <CardTable minWidth={560}>
                  <Table>
                    <Table.Thead><Table.Tr><Table.Th>Day (UTC)</Table.Th><Table.Th ta="right">Messages</Table.Th><Table.Th ta="right">Active users</Table.Th><Table.Th ta="right">Users</Table.Th><Table.Th ta="right">Storage</Table.Th><Table.Th ta="right">Spend</Table.Th><Table.Th ta="right">for users</Table.Th><Table.Th ta="right">for storage</Table.Th></Table.Tr></Table.Thead>
                    <Table.Tbody>
                      {data.days.toReversed().map(day => (
                        <Table.Tr key={day.day}>
                          <Table.Td>{day.day}</Table.Td><Table.Td ta="right">{count(day.messages)}</Table.Td><Table.Td ta="right">{count(day.activeUsers)}</Table.Td>
                          <Table.Td ta="right">{day.users === undefined ? "–" : count(day.users)}</Table.Td><Table.Td ta="right">{day.storageBytes === undefined ? "–" : bytes(day.storageBytes)}</Table.Td><Table.Td ta="right">{money(day.charge, data.currency)}</Table.Td>
                          <Table.Td ta="right">{money(day.userCharge, data.currency)}</Table.Td><Table.Td ta="right">{money(day.storageCharge, data.currency)}</Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </CardTable>
              )}
            </Paper>
          </Stack>
        )}
      </Loaded>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Paper withBorder p="md">
          <Stack gap="xs">
            <Title order={2} size="h4">Project details</Title>
            <Text style={{ overflowWrap: "anywhere" }}><bdi>{project.name}</bdi></Text>
            <Text size="sm" c="dimmed">Created {date(project.createdAt)} · you are {project.role}</Text>
            <CopyLine label="Project ID" value={project.id} />
            <Text size="sm">Push messages: <Anchor component={Link} to="push" size="sm" underline="always">iOS certificate and Android key</Anchor></Text>
            <Text size="sm">Auth token: stored as a hash only. <Anchor component={Link} to="settings" size="sm" underline="always">Make a new one</Anchor></Text>
          </Stack>
        </Paper>
        <Paper withBorder p="md">
          <Stack gap="xs">
            <Title order={2} size="h4">Next steps</Title>
            <Text size="sm">Create users, send a first message and see it arrive, with snippets for this project.</Text>
            <Group gap="xs"><Button component={Link} to="quick-start" variant="light">Quick start</Button><Button component={Link} to="api" variant="default">API reference</Button></Group>
          </Stack>
        </Paper>
      </SimpleGrid>
    </Page>
  );
}
