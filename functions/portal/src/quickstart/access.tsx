import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import { ApiError, post, type Project } from "../api";
import { useAction } from "../hooks";
import { CopyLine, ErrorText } from "../parts/Parts";
import { canEdit } from "../projects";

/** What the snippets of the server tabs do, and no more. */
const scopes = ["users:write", "tokens:write", "messages:read", "messages:write"];

const PageLink = ({ to, children }: { to: string; children: string }) => <Anchor component={Link} to={to} underline="always" size="sm">{children}</Anchor>;

/** Makes an API key where it is needed. It is on the page until the page is left: nothing keeps it. */
export function KeyMaker({ project, secret, onMade }: { project: Project; secret?: string; onMade: (secret: string) => void }) {
  const { busy, error, run } = useAction();
  const make = () => void run(async () => onMade((await post<{ secret: string }>(`projects/${project.id}/api-keys`, { name: "Quick start", scopes })).secret));
  if (secret)
    return (
      <Stack gap="xs">
        <Alert color="yellow" variant="light" role="status" title="Your API key">
          <Text size="sm">The snippets below have it. It is shown only now: keep it on your server, never in an app or a web page.</Text>
        </Alert>
        <CopyLine label="API key" value={secret} />
        <Text size="sm">On the page <PageLink to="../api-keys">API keys</PageLink> it can be revoked.</Text>
      </Stack>
    );
  return (
    <Stack gap="xs">
      <Text size="sm">Your server calls the server API with an API key. {canEdit(project)
        ? <>Make one here, with the scopes that these snippets need, or use one from <PageLink to="../api-keys">API keys</PageLink> in place of vox_sk_….</>
        : "Only owners and admins of the project can make one: ask them, and put it in place of vox_sk_…."}</Text>
      {canEdit(project) && <Group><Button onClick={make} loading={busy}>Create an API key</Button></Group>}
      <ErrorText>{error}</ErrorText>
    </Stack>
  );
}

export interface Pair { alice: string; bob: string; password: string }

/** Makes two users with a password for a first try. Their names are taken for good, so others are tried when they exist. */
export function UsersMaker({ project, pair, onMade }: { project: Project; pair?: Pair; onMade: (pair: Pair) => void }) {
  const { busy, error, run } = useAction();
  const make = () => void run(async () => {
    const random = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => byte.toString(16).padStart(2, "0")).join("");
    const password = random();
    const create = async (name: string): Promise<string> => {
      const add = async (username: string) => { await post(`projects/${project.id}/users`, { username, password }); return username; };
      try {
        return await add(name);
      } catch (e) {
        if (!(e instanceof ApiError) || e.status !== 409) throw e;
        return add(`${name}-${random().slice(0, 6)}`);
      }
    };
    onMade({ alice: await create("alice"), bob: await create("bob"), password });
  });
  if (pair)
    return (
      <Alert color="yellow" variant="light" role="status" title="Two users to try with">
        <Text size="sm"><bdi>{pair.alice}</bdi> and <bdi>{pair.bob}</bdi> exist now. The snippet below has their password, which is shown only now.</Text>
      </Alert>
    );
  return (
    <Stack gap="xs">
      <Text size="sm">A page logs in as a user. {canEdit(project)
        ? "Make two here to try with, or put the login ids and the password of your own users in place of alice, bob and PASSWORD."
        : "Put the login ids and the password of your users in place of alice, bob and PASSWORD."}</Text>
      {canEdit(project) && <Group><Button onClick={make} loading={busy}>Create two users</Button></Group>}
      <ErrorText>{error}</ErrorText>
    </Stack>
  );
}
