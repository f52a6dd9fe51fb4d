import { Stack, Text } from "@mantine/core";
import { Page } from "../parts/Parts";
import { PushKeys } from "../parts/PushKeys";

export function PushKeysPage() {
  return (
    <Page title="Push keys">
      <Stack maw={640}>
        <Text c="dimmed">The iOS certificate and the Android key with which your app's push messages are sent.</Text>
        <PushKeys />
      </Stack>
    </Page>
  );
}
