import { Alert, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useNavigate, useSearchParams } from "react-router";
import { post } from "../api";
import { money } from "../format";
import { useAction, useLoad } from "../hooks";
import { ErrorText, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";

/** Stands in for the page of a payment provider, where the operator has chosen the sandbox. */
export function Payment() {
  const { project } = useProject();
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const path = `projects/${project.id}/payments/${encodeURIComponent(query.get("payment") ?? "")}`;
  const payment = useLoad<{ amount: number; currency: string; status: string }>(path);
  const action = useAction();
  const decide = (paid: boolean) => void action.run(async () => {
    await post(`${path}/sandbox`, { paid });
    await navigate(`/projects/${project.id}/credits`, { replace: true });
  });
  return (
    <Page title="Payment">
      <Alert color="orange" variant="light" title="Sandbox">This is no real payment: the server is set to sandbox payments, and no money moves.</Alert>
      <Loaded of={payment}>
        {data => (
          <Paper withBorder p="lg" maw={480}>
            <Stack>
              <Text>Credits for <b><bdi>{project.name}</bdi></b></Text>
              <Text fz={32} fw={700}>{money(data.amount, data.currency)}</Text>
              <ErrorText>{action.error}</ErrorText>
              {data.status === "open"
                ? <Group><Button loading={action.busy} onClick={() => decide(true)}>Pay</Button><Button variant="default" disabled={action.busy} onClick={() => decide(false)}>Cancel</Button></Group>
                : <Text>This payment is {data.status}.</Text>}
            </Stack>
          </Paper>
        )}
      </Loaded>
    </Page>
  );
}
