import { Button, NumberInput, Radio, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { put } from "../api";
import { useAction } from "../hooks";
import { ErrorText, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";

export function ChatSettings() {
  const { project, reload } = useProject();
  const [log, setLog] = useState(project.logEnabled ? "on" : "off");
  const [limited, setLimited] = useState(!!project.retentionDays);
  const [days, setDays] = useState<number | string>(project.retentionDays ?? 90);
  const [origins, setOrigins] = useState(project.allowedOrigins);
  const action = useAction();
  const readOnly = !canEdit(project);

  const save = () => action.run(async () => {
    await put(`projects/${project.id}/settings`, {
      logEnabled: log === "on", retentionDays: limited ? Number(days) : null, allowedOrigins: origins, version: project.version,
    });
    notifications.show({ message: "Settings saved", color: "green" });
    await reload();
  });

  return (
    <Page title="Chat settings">
      <Stack maw={640} gap="xl">
        <Radio.Group label="Chat logs" value={log} onChange={setLog} readOnly={readOnly}
          description="Disabled: new messages appear neither in the usage history here nor in history by REST. Conversations themselves go on as before.">
          <Stack gap="xs" mt="xs"><Radio value="on" label="Enable" disabled={readOnly} /><Radio value="off" label="Disable" disabled={readOnly} /></Stack>
        </Radio.Group>
        <Stack gap="xs">
          <Switch label="Delete messages from the log after a time" checked={limited} onChange={event => setLimited(event.currentTarget.checked)} disabled={readOnly} />
          {limited && <NumberInput label="Days" value={days} onChange={setDays} min={1} max={3650} allowDecimal={false} maw={160} disabled={readOnly} />}
        </Stack>
        <TagsInput label="Allowed web origins" description="Sites whose pages may use the SDK with this project. Empty: any. Write each as https://www.example.com and press Enter."
          value={origins} onChange={setOrigins} maxTags={50} disabled={readOnly} placeholder={origins.length ? undefined : "https://www.example.com"} />
        <ErrorText>{action.error}</ErrorText>
        {readOnly ? <Text c="dimmed">As viewer you can see the settings, not change them.</Text> : <Button w="fit-content" loading={action.busy} onClick={() => void save()}>Update</Button>}
      </Stack>
    </Page>
  );
}
