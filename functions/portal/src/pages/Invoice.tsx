import { Button, Container, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import { bytes, count, date, money } from "../format";
import { useLoad } from "../hooks";
import { Loaded } from "../parts/Parts";
import "./invoice.css";

export interface InvoiceHead { number: number; id: string; at: string; kind: string; period?: string; reference?: string; amount: number; currency: string }
interface Party { name: string; company: string; address: string; taxId: string; email: string }
interface Line { item: string; users?: number; bytes?: number; userCharge?: number; storageCharge?: number; amount: number }
interface InvoiceData { head: InvoiceHead; project: string; seller: Party; buyer: Party; lines: Line[] }

export const invoiceTitle = (head: InvoiceHead) => (head.kind === "statement" ? `Statement for ${monthOf(head.period!)}` : "Invoice");
const monthOf = (period: string) => new Date(period + "-01T00:00:00").toLocaleDateString(undefined, { month: "long", year: "numeric" });

/** Made to be printed: without the frame of the other pages, and black on white on paper. */
export function Invoice() {
  const { projectId, number } = useParams();
  const invoice = useLoad<InvoiceData>(`projects/${projectId}/invoices/${encodeURIComponent(number ?? "")}`);
  useEffect(() => { document.title = invoice.data ? `${invoice.data.head.id} · Vox` : "Invoice · Vox"; }, [invoice.data]);
  return (
    <Container component="main" size="sm" py="xl" className="invoice">
      <Group justify="space-between" mb="xl" className="no-print">
        <Button component={Link} to={`/projects/${projectId}/credits`} variant="default">Back to credits</Button>
        {invoice.data && <Button leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>Print or save as PDF</Button>}
      </Group>
      <Loaded of={invoice}>{data => <Sheet {...data} />}</Loaded>
    </Container>
  );
}

function Sheet({ head, project, seller, buyer, lines }: InvoiceData) {
  const amount = (value?: number) => (value === undefined ? "" : money(value, head.currency));
  return (
    <Stack gap="xl">
      <Group justify="space-between" align="start">
        <Address party={seller} strong />
        <Stack gap={2} align="end">
          <Title order={1} size="h2">{invoiceTitle(head)}</Title>
          <Text size="sm">No. {head.id}</Text>
          <Text size="sm">{date(head.at)}</Text>
        </Stack>
      </Group>
      <div><Text size="sm" c="dimmed">To</Text><Address party={buyer} /></div>
      <Text size="sm">Project {project}{head.reference && <>, payment {head.reference}</>}</Text>
      <Table.ScrollContainer minWidth={300}>
        <Table verticalSpacing={4}>
          {head.kind === "statement"
            ? <Table.Thead><Table.Tr><Table.Th>Day (UTC)</Table.Th><Table.Th ta="right">Users</Table.Th><Table.Th ta="right">Storage</Table.Th><Table.Th ta="right">For users</Table.Th><Table.Th ta="right">For storage</Table.Th><Table.Th ta="right">Charge</Table.Th></Table.Tr></Table.Thead>
            : <Table.Thead><Table.Tr><Table.Th>What</Table.Th><Table.Th ta="right">Amount</Table.Th></Table.Tr></Table.Thead>}
          <Table.Tbody>
            {lines.map(line => (
              <Table.Tr key={line.item}>
                <Table.Td>{line.item}</Table.Td>
                {head.kind === "statement" && <>
                  <Table.Td ta="right">{count(line.users ?? 0)}</Table.Td><Table.Td ta="right">{bytes(line.bytes ?? 0)}</Table.Td>
                  <Table.Td ta="right">{amount(line.userCharge)}</Table.Td><Table.Td ta="right">{amount(line.storageCharge)}</Table.Td>
                </>}
                <Table.Td ta="right">{amount(line.amount)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot><Table.Tr><Table.Th colSpan={head.kind === "statement" ? 5 : 1}>Total</Table.Th><Table.Th ta="right">{amount(head.amount)}</Table.Th></Table.Tr></Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed">{head.kind === "statement" ? "Taken from the credits of the project. Nothing has to be paid for this statement." : "Nothing is left to pay: the credits were added to the project's balance."}</Text>
    </Stack>
  );
}

const Address = ({ party, strong }: { party: Party; strong?: boolean }) => (
  <div>
    <Text fw={strong ? 700 : 500}>{party.company || party.name}</Text>
    {[party.company ? party.name : "", ...party.address.split(";"), party.taxId && `Tax no. ${party.taxId}`, party.email]
      .map(line => line.trim()).filter(Boolean).map(line => <Text size="sm" key={line}>{line}</Text>)}
  </div>
);
