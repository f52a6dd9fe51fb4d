import { Alert, Anchor, Button, Loader, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link, useLocation, useNavigate, useSearchParams } from "react-router";
import { del, post, type InvitationDetails } from "../api";
import { date } from "../format";
import { useAction } from "../hooks";
import { Gate } from "../parts/Gate";
import { ErrorText } from "../parts/Parts";
import { useSession } from "../session";

const a = (role: string) => (role === "owner" || role === "admin" ? `an ${role}` : `a ${role}`);

/** What an invitation is for, whether somebody is signed in or not, and the way to accept it. */
export function Invitation() {
  const [query] = useSearchParams();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const { session, forget } = useSession();
  const action = useAction();
  const [details, setDetails] = useState<InvitationDetails | null>();
  const token = query.get("token"), to = query.get("to");

  useEffect(() => {
    // Links from before this page knew to whom they are have no `to`: they can be accepted all the same.
    post<InvitationDetails>("invitations/read", { token, to }).then(setDetails, () => setDetails(null));
  }, [token, to]);

  if (details === undefined) return <Gate title="Invitation"><Loader aria-label="Loading" /></Gate>;
  const next = encodeURIComponent(pathname + search);
  const mine = !details || session?.email.toLowerCase() === details.email.toLowerCase();
  return (
    <Gate title="Invitation">
      {details
        ? <>
            <Text><b>{details.invitedBy}</b> invites you to work on the project <b><bdi>{details.project}</bdi></b> as {a(details.role)}.</Text>
            <Text size="sm" c="dimmed">It was sent to {details.email} and is open until {date(details.expiresAt)}.</Text>
          </>
        : to && <Alert color="orange" variant="light" role="alert">This invitation was accepted or withdrawn, or has expired. Ask an owner of the project for a new one.</Alert>}
      {session
        ? <>
            <Text>You are signed in as <b>{session.email}</b>.{!mine && <> An invitation can be accepted only with the address that it was sent to.</>}</Text>
            <ErrorText>{action.error}</ErrorText>
            {(details || !to) && mine && (
              <Button loading={action.busy} onClick={() => void action.run(async () => {
                const { projectId } = await post<{ projectId: string }>("invitations/accept", { token });
                await navigate(`/projects/${projectId}`, { replace: true });
              })}>Accept the invitation</Button>
            )}
            {!mine && <Button variant="default" onClick={() => void action.run(async () => { await del("session"); forget(); await navigate(`/sign-in?next=${next}`); })}>Sign in with another account</Button>}
            <Anchor component={Link} to="/" underline="always">To your projects</Anchor>
          </>
        : details?.hasAccount === false
          ? <>
              <Button component={Link} to={`/sign-up?email=${encodeURIComponent(details.email)}&next=${next}`}>Sign up to accept</Button>
              <Anchor component={Link} to={`/sign-in?next=${next}`} underline="always">You have an account? Sign in</Anchor>
            </>
          : (details || !to) && <>
              <Button component={Link} to={`/sign-in?next=${next}`}>Sign in to accept</Button>
              <Anchor component={Link} to={`/sign-up?next=${next}`} underline="always">You have no account? Sign up</Anchor>
            </>}
    </Gate>
  );
}
