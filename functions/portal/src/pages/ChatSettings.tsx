import { Button, NumberInput, Radio, Select, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { put } from "../api";
import { useForm } from "../form";
import { ErrorText, Page } from "../parts/Parts";
import { canEdit, useProject } from "../projects";

const WINDOWS: [seconds: number, label: string][] = [
  [0, "Never"], [900, "For 15 minutes"], [3_600, "For an hour"], [86_400, "For a day"], [604_800, "For a week"], [-1, "Always"],
];

/** What can be chosen, and what a program has set if it is something else. */
function windows(chosen: string) {
  const known = WINDOWS.map(([seconds, label]) => ({ value: String(seconds), label }));
  return known.some(({ value }) => value === chosen) ? known : [...known, { value: chosen, label: `For ${Number(chosen).toLocaleString()} seconds` }];
}

export function ChatSettings() {
  const { project, reload } = useProject();
  const readOnly = !canEdit(project);
  const form = useForm({
    initial: {
      log: project.logEnabled ? "on" : "off", limited: !!project.retentionDays, days: (project.retentionDays ?? 90) as number | string,
      origins: project.allowedOrigins, minPassword: project.minPasswordLength as number | string, visibility: project.visibility as string,
      metadata: project.keepsMetadata, everybodyMentions: project.mentionsAll === "members", search: project.search,
      edit: String(project.messages.editWindowSeconds), remove: String(project.messages.deleteWindowSeconds), versions: project.messages.keepVersions,
    },
    submit: async ({ log, limited, days, origins, minPassword, visibility, metadata, everybodyMentions, search, edit, remove, versions }) => {
      await put(`projects/${project.id}/settings`, {
        logEnabled: log === "on", retentionDays: limited ? Number(days) : null, allowedOrigins: origins, version: project.version,
        minPasswordLength: Number(minPassword), visibility, keepsMetadata: metadata, mentionsAll: everybodyMentions ? "members" : "admins",
        search: search && log === "on",
        messages: { editWindowSeconds: Number(edit), deleteWindowSeconds: Number(remove), keepVersions: versions },
      });
      notifications.show({ message: "Settings saved", color: "green" });
      await reload();
    },
  });

  return (
    <Page title="Chat settings">
      <Stack maw={640} gap="xl">
        <Radio.Group label="Chat logs" {...form.input("log")} readOnly={readOnly}
          description="Disabled: new messages appear neither in the usage history here nor in history by REST. Conversations themselves go on as before.">
          <Stack gap="xs" mt="xs"><Radio value="on" label="Enable" disabled={readOnly} /><Radio value="off" label="Disable" disabled={readOnly} /></Stack>
        </Radio.Group>
        <Stack gap="xs">
          <Switch label="Delete messages from the log after a time" {...form.checkbox("limited")} disabled={readOnly} />
          {form.values.limited && <NumberInput label="Days" {...form.input("days")} min={1} max={3650} allowDecimal={false} maw={160} disabled={readOnly} />}
        </Stack>
        <NumberInput label="Shortest password" description="The fewest characters of a new password, here and at sign-up. Passwords that users have already stay good, and your own server may give any."
          {...form.input("minPassword")} min={1} max={64} allowDecimal={false} maw={320} disabled={readOnly} />
        <Radio.Group label="Who sees a user" {...form.input("visibility")} readOnly={readOnly}
          description="Who sees a user's name, picture and presence, and can find out whether there is a user of that name.">
          <Stack gap="xs" mt="xs">
            <Radio value="everybody" label="Everybody in the project" disabled={readOnly} />
            <Radio value="contacts" label="Only those whom the user has in their contacts" disabled={readOnly} />
          </Stack>
        </Radio.Group>
        <TagsInput label="Allowed web origins" description="Sites and apps whose pages may use the SDK with this project. Empty: any. Write each as https://www.example.com or capacitor://localhost, or null for pages without an origin, and press Enter."
          {...form.input("origins")} maxTags={50} disabled={readOnly} placeholder={form.values.origins.length ? undefined : "https://www.example.com"} />
        <Switch label="Keep place and camera in pictures" {...form.checkbox("metadata")} disabled={readOnly}
          description="Off: the server takes what a JPEG, PNG or WebP says about its place, camera and owner out of the original as well." />
        <Select label="Authors may edit their messages" description="The others see that a text was edited. Owners and admins of a group cannot edit what others have written."
          data={windows(form.values.edit)} {...form.input("edit")} allowDeselect={false} maw={320} disabled={readOnly} />
        <Select label="Authors may delete for everyone" description="Text, file and earlier texts are gone then, in the usage history as well. Owners and admins of a group may always; everybody can delete a message for themself."
          data={windows(form.values.remove)} {...form.input("remove")} allowDeselect={false} maw={320} disabled={readOnly} />
        <Switch label="Keep earlier texts of edited messages" {...form.checkbox("versions")} disabled={readOnly}
          description="The last ten of each message stay stored, for moderation: the usage history here and your server can read them, users cannot." />
        <Switch label="Every member may mention everybody" {...form.checkbox("everybodyMentions")} disabled={readOnly}
          description="Off: in a group only the owner and the admins can mention all members at once." />
        <Switch label="Users may search their conversations" {...form.checkbox("search")} disabled={readOnly || form.values.log === "off"}
          description="Needs the chat logs. Messages from before are found after some minutes, or hours if there are millions. Off: the index is deleted." />
        <ErrorText>{form.error}</ErrorText>
        {readOnly ? <Text c="dimmed">As a viewer you can see the settings, but not change them.</Text> : <Button w="fit-content" loading={form.busy} onClick={form.submit}>Update</Button>}
      </Stack>
    </Page>
  );
}
