import { Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import { money } from "../format";
import { useLoad } from "../hooks";
import { useProject } from "../projects";
import { Loaded } from "./Parts";

interface Tier { upTo?: number; price: number }
interface PriceListData { custom: boolean; since?: string; users: Tier[]; storage: Tier[] }

/** What the project pays now, and from later dates on. */
export function Prices() {
  const { project } = useProject();
  const prices = useLoad<{ currency: string; now: PriceListData; later: PriceListData[] }>(`projects/${project.id}/pricing`);
  return (
    <Loaded of={prices}>
      {data => (
        <Stack gap="lg">
          <List title={data.now.custom ? `Your rates, agreed since ${data.now.since}` : "Standard rates"} list={data.now} currency={data.currency} />
          {data.later.map(list => <List key={list.since} title={`From ${list.since}: ${list.custom ? "your rates" : "standard rates"}`} list={list} currency={data.currency} />)}
        </Stack>
      )}
    </Loaded>
  );
}

function List({ title, list, currency }: { title: string; list: PriceListData; currency: string }) {
  return (
    <Stack gap="xs">
      <Group gap="xs"><Title order={3} size="h5">{title}</Title>{list.custom && <Badge variant="light">Custom</Badge>}</Group>
      <Table.ScrollContainer minWidth={300}>
        <Table verticalSpacing={4}>
          <Table.Thead><Table.Tr><Table.Th>For each</Table.Th><Table.Th ta="right">Price in 30 days</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{rows("user", list.users, currency)}{rows("GB", list.storage, currency)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

const rows = (unit: string, tiers: Tier[], currency: string) => tiers.map((tier, i) => {
  const below = i ? tiers[i - 1].upTo!.toLocaleString() : "";
  const to = tier.upTo?.toLocaleString();
  const range = i === 0 ? (to ? `up to ${to}` : "any number") : to ? `above ${below}, up to ${to}` : `above ${below}`;
  return (
    <Table.Tr key={unit + i}>
      <Table.Td>{unit} <Text span size="sm" c="dimmed">{range}</Text></Table.Td>
      <Table.Td ta="right">{tier.price ? money(tier.price, currency) : "free"}</Table.Td>
    </Table.Tr>
  );
});
