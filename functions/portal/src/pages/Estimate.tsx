import { Grid, NumberInput, Paper, Select, Stack, Switch, Table, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { count, money } from "../format";
import { useLoad } from "../hooks";
import { Loaded, Page } from "../parts/Parts";

interface EstimateData {
  messages: number; peakConnections: number; signalRUnits: number; sum: number; perUser: number; perMillionMessages: number;
  lines: { name: string; amount: number }[];
}

const LINES: Record<string, string> = {
  signalr: "SignalR: live connections and messages",
  executions: "Functions: executions",
  instances: "Functions: instances for requests",
  timers: "Functions: timers",
  tables: "Tables: requests",
  kept: "Tables: data kept",
  telemetry: "Telemetry",
  watching: "Alerts and the test from outside",
  frontdoor: "Front Door",
};

/** Whole numbers that the server takes; an empty field or one out of range asks nothing. */
const NUMBERS = [
  { name: "users", label: "Users in all", min: 1, max: 100_000_000, usual: 10_000 },
  { name: "dailyPercent", label: "Who come on a day (%)", min: 0, max: 100, usual: 30 },
  { name: "peakPercent", label: "Connected at the busiest time (%)", min: 0, max: 100, usual: 10 },
  { name: "messagesADay", label: "Messages a day of a user who comes", min: 0, max: 100_000, usual: 40 },
  { name: "hoursOnline", label: "Hours online on that day", min: 0, max: 24, usual: 2 },
  { name: "monthsKept", label: "Months that messages are kept", min: 0, max: 1_200, usual: 12 },
] as const;

/** What a deployment with so many users costs its operators. */
export function Estimate() {
  const [numbers, setNumbers] = useState<Record<string, number | string>>(Object.fromEntries(NUMBERS.map(n => [n.name, n.usual])));
  const [memory, setMemory] = useState<string>("");
  const [replicated, setReplicated] = useState(true);
  const [autoscale, setAutoscale] = useState<string>("");
  const [frontDoor, setFrontDoor] = useState(false);
  const wrong = (n: typeof NUMBERS[number]) => {
    const value = numbers[n.name];
    return typeof value === "number" && Number.isInteger(value) && value >= n.min && value <= n.max ? undefined : `A whole number from ${count(n.min)} to ${count(n.max)}`;
  };
  const valid = NUMBERS.every(n => !wrong(n));
  const asked = new URLSearchParams({ ...Object.fromEntries(NUMBERS.map(n => [n.name, String(numbers[n.name])])), memory, replicated: String(replicated), autoscale, frontDoor: String(frontDoor) }).toString();
  const [query] = useDebouncedValue(valid ? asked : "", 200);
  return (
    <Page title="Cost estimate">
      <Text maw={720}>What it costs to run this software on Azure for a month, by list prices without free grants. It says nothing about what a project is charged: see its credits for that.</Text>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Paper withBorder p="lg">
            <Stack>
              {NUMBERS.map(n => (
                <NumberInput key={n.name} label={n.label} min={n.min} max={n.max} clampBehavior="none" allowDecimal={false} thousandSeparator=","
                  value={numbers[n.name]} error={wrong(n)} onChange={value => setNumbers(before => ({ ...before, [n.name]: value }))} />
              ))}
              <Select label="Memory of an instance" allowDeselect={false} value={memory} onChange={value => setMemory(value ?? "")}
                data={[{ value: "", label: "As advised for so many users" }, { value: "512", label: "512 MB" }, { value: "2048", label: "2 GB" }, { value: "4096", label: "4 GB" }]} />
              <Select label="SignalR units" allowDeselect={false} value={autoscale} onChange={value => setAutoscale(value ?? "")}
                data={[{ value: "", label: "As advised for so many users" }, { value: "false", label: "Standard, for the busiest time" }, { value: "true", label: "Premium, follow the connections" }]} />
              <Switch label="Data in three zones and a second region" checked={replicated} onChange={event => setReplicated(event.currentTarget.checked)} />
              <Switch label="Front Door in front" checked={frontDoor} onChange={event => setFrontDoor(event.currentTarget.checked)} />
            </Stack>
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          {valid && query ? <Result query={query} /> : <Text c="dimmed">Please correct the marked fields.</Text>}
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Result({ query }: { query: string }) {
  const estimate = useLoad<EstimateData>(`estimate?${query}`);
  return (
    <Loaded of={estimate}>
      {data => (
        <Stack aria-live="polite">
          <Paper withBorder p="lg">
            <Text size="sm" c="dimmed">A month, about</Text>
            <Text fz={32} fw={700}>{money(Math.round(data.sum))}</Text>
            <Text size="sm">{money(data.perUser)} a user{data.messages > 0 && <>, {money(data.perMillionMessages)} a million messages, all included</>}</Text>
          </Paper>
          <Title order={2} size="h4">What it is made of</Title>
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr><Table.Th>What</Table.Th><Table.Th ta="right">A month</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {data.lines.map(line => (
                <Table.Tr key={line.name}><Table.Td>{LINES[line.name] ?? line.name}</Table.Td><Table.Td ta="right">{money(line.amount)}</Table.Td></Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Text size="sm" c="dimmed">
            {count(Math.round(data.messages))} messages a month, {count(Math.round(data.peakConnections))} connections at the busiest time {count(data.signalRUnits)} SignalR {data.signalRUnits === 1 ? "unit" : "units"} (at most 80 % full; the mean of a day where they follow the connections).
            Files, backups and traffic to the internet come on top.
          </Text>
        </Stack>
      )}
    </Loaded>
  );
}
