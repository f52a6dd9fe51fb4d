import { Button, Text } from "@mantine/core";
import { useNavigate, useSearchParams } from "react-router";
import { post } from "../api";
import { useAction } from "../hooks";
import { ErrorText, Page } from "../parts/Parts";
import { useSession } from "../session";

export function Invitation() {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const { session } = useSession();
  const action = useAction();
  return (
    <Page title="Invitation">
      <Text>You are signed in as <b>{session?.email}</b>. An invitation can be accepted with the e-mail address that it was sent to.</Text>
      <ErrorText>{action.error}</ErrorText>
      <Button w="fit-content" loading={action.busy} onClick={() => void action.run(async () => {
        const { projectId } = await post<{ projectId: string }>("invitations/accept", { token: query.get("token") });
        await navigate(`/projects/${projectId}`, { replace: true });
      })}>Accept the invitation</Button>
    </Page>
  );
}
