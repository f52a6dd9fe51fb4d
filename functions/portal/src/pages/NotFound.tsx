import { Button, Text } from "@mantine/core";
import { Link, useLocation } from "react-router";
import { Page } from "../parts/Parts";

/** An address that leads nowhere. */
export function NotFound() {
  const { pathname } = useLocation();
  return (
    <Page title="There is no such page">
      <Text>Nothing is at <b style={{ overflowWrap: "anywhere" }}>/portal{pathname}</b>. The link may be old, or the address mistyped.</Text>
      <Button component={Link} to="/" w="fit-content">To your projects</Button>
    </Page>
  );
}
