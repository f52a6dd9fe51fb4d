import { ActionIcon, AppShell, Box, Burger, Button, Center, Group, Loader, Menu, NavLink, Select, Text, ThemeIcon, useComputedColorScheme, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalculator, IconChartBar, IconClipboardList, IconCode, IconCoin, IconHistory, IconKey, IconMessage2, IconMessages, IconMoon, IconRocket, IconSettings, IconShieldLock, IconSun, IconUser, IconUserShield, IconUsers, IconWebhook } from "@tabler/icons-react";
import { Suspense } from "react";
import { Link, Outlet, useLocation, useMatch, useNavigate } from "react-router";
import { del } from "../api";
import { ProjectsProvider, useProjects } from "../projects";
import { useSession } from "../session";

export const Shell = () => <ProjectsProvider><Frame /></ProjectsProvider>;

function Frame() {
  const [opened, { toggle, close }] = useDisclosure();
  const { session, forget } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme();
  const projects = useProjects();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const projectId = useMatch("/projects/:projectId/*")?.params.projectId;
  const project = projects.data?.find(p => p.id === projectId);

  const signOut = async (everywhere: boolean) => {
    try {
      await del(everywhere ? "session?everywhere=true" : "session");
    } finally {
      forget();
      await navigate("/");
    }
  };

  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 260, breakpoint: "sm", collapsed: { mobile: !opened } }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" style={{ flex: 1, minWidth: 0 }}>
            <Box component={Link} to="/" visibleFrom="sm" w={228} style={{ textDecoration: "none", color: "inherit" }}><Group gap="xs" wrap="nowrap">
              <ThemeIcon size="lg"><IconMessage2 size={20} /></ThemeIcon><Text span fw={700} size="lg">Vox</Text><Text span c="dimmed" size="sm">Developers</Text>
            </Group></Box>
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Select
              aria-label="Project" placeholder="All projects" searchable clearable={!!projectId} maw={280} style={{ flex: 1, minWidth: 90 }} nothingFoundMessage="No project"
              data={projects.data?.map(p => ({ value: p.id, label: p.name })) ?? []} value={projectId ?? null}
              onChange={value => { close(); void navigate(value ? `/projects/${value}` : "/"); }} />
          </Group>
          <Group gap="xs" wrap="nowrap">
            {projectId && <Button component={Link} to={`/projects/${projectId}/credits`} variant="light" px="sm" aria-label="Credits"><IconCoin size={18} /><Text span inherit visibleFrom="xs" ml={8}>Credits</Text></Button>}
            <ActionIcon variant="default" size="lg" aria-label={scheme === "dark" ? "Light colours" : "Dark colours"} onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}>
              {scheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
            </ActionIcon>
            <Menu position="bottom-end">
              <Menu.Target><ActionIcon variant="default" size="lg" aria-label="Account"><IconUser size={18} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{session?.email}</Menu.Label>
                <Menu.Item component={Link} to="/account">Account and security</Menu.Item>
                <Menu.Item onClick={() => void signOut(false)}>Sign out</Menu.Item>
                <Menu.Item onClick={() => void signOut(true)}>Sign out everywhere</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="nav" aria-label="Developer tools" onClick={event => { if ((event.target as HTMLElement).closest("a")) close(); }}>
        <NavLink component={Link} to="/" label="All projects" leftSection={<IconClipboardList size={18} />} active={!projectId && pathname === "/"} />
        <NavLink component={Link} to="/estimate" label="Cost estimate" leftSection={<IconCalculator size={18} />} active={pathname === "/estimate"} />
        {projectId && <ProjectLinks id={projectId} owner={project?.role === "owner"} />}
      </AppShell.Navbar>
      <AppShell.Main><VisuallyHidden>{project?.name}</VisuallyHidden><Suspense fallback={<Center h="60vh"><Loader aria-label="Loading" /></Center>}><Outlet /></Suspense></AppShell.Main>
    </AppShell>
  );
}

function ProjectLinks({ id, owner }: { id: string; owner: boolean }) {
  const { pathname } = useLocation();
  const base = `/projects/${id}`;
  const link = (path: string, label: string, Icon: typeof IconUser) => (
    <NavLink component={Link} to={base + path} label={label} leftSection={<Icon size={18} />} active={pathname === base + path} />
  );
  return (
    <>
      <Text size="xs" tt="uppercase" fw={700} c="dimmed" mt="md" mb={4} px="sm">Developer tools</Text>
      {link("", "Dashboard", IconChartBar)}
      {link("/quick-start", "Quick start", IconRocket)}
      {link("/users", "Project Users", IconUsers)}
      <NavLink label="Chat" leftSection={<IconMessages size={18} />} defaultOpened childrenOffset={28}>
        {link("/overview", "Overview", IconMessages)}
        {link("/chat-settings", "Settings", IconSettings)}
        {link("/history", "Usage History", IconHistory)}
      </NavLink>
      {link("/api", "API reference", IconCode)}
      {link("/api-keys", "API keys", IconKey)}
      {link("/webhooks", "Webhooks", IconWebhook)}
      {link("/members", "Members", IconUserShield)}
      {owner && link("/data", "Data protection", IconShieldLock)}
      {owner && link("/audit", "Activity", IconClipboardList)}
      {link("/settings", "Project settings", IconSettings)}
    </>
  );
}
