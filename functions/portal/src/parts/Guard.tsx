import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { Component, type ReactNode } from "react";

/** When a page fails to load or to render, this says so, instead of an empty window. */
export class Guard extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Center component="main" mih="100dvh" p="md">
        <Stack align="center" role="alert">
          <Title order={1} size="h3">This page could not be shown</Title>
          <Text ta="center">The connection may have been lost while it was loading.</Text>
          <Button onClick={() => location.reload()}>Load again</Button>
        </Stack>
      </Center>
    );
  }
}
