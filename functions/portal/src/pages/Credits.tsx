import { Alert, Anchor, Button, Checkbox, Group, NumberInput, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { post } from "../api";
import { useForm } from "../form";
import { date, dateTime, money } from "../format";
import { useLoad } from "../hooks";
import { CardTable, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";
import { invoiceTitle, type InvoiceHead } from "./Invoice";

interface Line { number: number; at: string; kind: string; detail: string; amount: number; balance: number }
interface CreditsData { balance: number; currency: string; decimals: number; gateway: string; minPayment: number; maxPayment: number; lowBalance: number; entries: Line[]; next?: number }

export function Credits() {
  const { project } = useProject();
  const [query] = useSearchParams();
  const [before, setBefore] = useState(0);
  const credits = useLoad<CreditsData>(`projects/${project.id}/credits?before=${before}`);
  return (
    <Page title="Credits">
      {query.get("paid") && <Alert color="green" variant="light" role="status">Thank you. The credits appear here as soon as the payment is confirmed.</Alert>}
      <Loaded of={credits}>
        {data => (
          <Stack gap="lg">
            <Group align="stretch">
              <Paper withBorder p="lg" miw={220}>
                <Text size="sm" c="dimmed">Balance</Text>
                <Text fz={32} fw={700}>{money(data.balance, data.currency)}</Text>
                {data.balance < data.lowBalance && <Text size="sm" c="dimmed">Credits are running low.</Text>}
              </Paper>
              {canEdit(project) && (data.gateway === "none" ? <NotSetUp /> : <AddCredits data={data} />)}
            </Group>
            <Invoices />
            <Title order={2} size="h4">Ledger</Title>
            {data.entries.length === 0 ? <Empty>No payments and no charges yet.</Empty> : (
              <>
                <CardTable minWidth={560}>
                  <Table verticalSpacing="xs">
                    <Table.Thead><Table.Tr><Table.Th>No.</Table.Th><Table.Th>When</Table.Th><Table.Th>What</Table.Th><Table.Th ta="right">Amount</Table.Th><Table.Th ta="right">Balance</Table.Th></Table.Tr></Table.Thead>
                    <Table.Tbody>
                      {data.entries.map(line => (
                        <Table.Tr key={line.number}>
                          <Table.Td>{line.number}</Table.Td><Table.Td>{dateTime(line.at)}</Table.Td><Table.Td>{line.kind === "charge" ? "Charge for " : ""}{line.detail}</Table.Td>
                          <Table.Td ta="right">{money(line.amount, data.currency)}</Table.Td><Table.Td ta="right">{money(line.balance, data.currency)}</Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </CardTable>
                <Group>
                  {before > 0 && <Button variant="default" onClick={() => setBefore(0)}>Newest</Button>}
                  {data.next && <Button variant="default" onClick={() => setBefore(data.next!)}>Older</Button>}
                </Group>
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Invoices() {
  const { project } = useProject();
  const [before, setBefore] = useState(0);
  const invoices = useLoad<{ invoices: InvoiceHead[]; next?: number }>(`projects/${project.id}/invoices?before=${before}`);
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">Invoices and statements</Title>
      <Loaded of={invoices}>
        {data => data.invoices.length === 0 ? <Text c="dimmed" size="sm">None yet. Each payment makes an invoice, and each month with charges a statement on its first day after.</Text> : (
          <>
            <CardTable minWidth={420}>
              <Table verticalSpacing="xs">
                <Table.Thead><Table.Tr><Table.Th>No.</Table.Th><Table.Th>Date</Table.Th><Table.Th>What</Table.Th><Table.Th ta="right">Amount</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {data.invoices.map(head => (
                    <Table.Tr key={head.number}>
                      <Table.Td><Anchor component={Link} to={`/projects/${project.id}/invoices/${head.number}`} underline="always" size="sm">{head.id}</Anchor></Table.Td>
                      <Table.Td>{date(head.at)}</Table.Td><Table.Td>{invoiceTitle(head)}</Table.Td><Table.Td ta="right">{money(head.amount, head.currency)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </CardTable>
            <Group>
              {before > 0 && <Button variant="default" onClick={() => setBefore(0)} aria-label="Newest invoices">Newest</Button>}
              {data.next && <Button variant="default" onClick={() => setBefore(data.next!)} aria-label="Older invoices">Older</Button>}
            </Group>
          </>
        )}
      </Loaded>
    </Stack>
  );
}

const NotSetUp = () => (
  <Alert color="gray" variant="light" title="Payments are not set up" style={{ flex: 1, minWidth: 260 }}>
    Credits cannot be added here yet. Please ask those who operate this server.
  </Alert>
);

function AddCredits({ data }: { data: CreditsData }) {
  const { project } = useProject();
  const navigate = useNavigate();
  // One key per visit and amount: however often the button is pressed, it is one payment.
  const [key] = useState(() => crypto.randomUUID());
  const form = useForm({
    initial: { amount: "" as number | string, agreed: false },
    check: ({ amount, agreed }) => (!amount ? "Please enter an amount." : !agreed ? "Please agree to the policies first." : undefined),
    submit: async ({ amount, agreed }) => {
      const { url } = await post<{ url: string }>(`projects/${project.id}/payments`, { amount: Number(amount), agreed, key: `${key}-${amount}` });
      if (url.startsWith("/portal/")) await navigate(url.slice("/portal".length));
      else location.assign(url);
    },
  });
  return (
    <Paper withBorder p="lg" component="form" {...form.props} style={{ flex: 1, minWidth: 260 }}>
      <Stack>
        <Title order={2} size="h4">Add credits</Title>
        <NumberInput label={`Amount (${data.currency})`} description={`From ${money(data.minPayment, data.currency)} to ${money(data.maxPayment, data.currency)}`} {...form.input("amount")} min={0} decimalScale={data.decimals} thousandSeparator="," required maw={260} />
        <Checkbox {...form.checkbox("agreed")}
          label={<>I agree to the <Anchor component={Link} to="/terms" target="_blank" underline="always" size="sm">Refund, cancellation policies and Terms of Service</Anchor></>} />
        <ErrorText>{form.error}</ErrorText>
        <Button type="submit" w="fit-content" loading={form.busy}>Add</Button>
      </Stack>
    </Paper>
  );
}
