import { ActionIcon, Anchor, AppShell, Box, Burger, Button, Center, Group, Loader, Menu, NavLink, Select, Text, ThemeIcon, useComputedColorScheme, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconCalculator, IconClipboardList, IconCoin, IconMessage2, IconMessages, IconMoon, IconSearch, IconSun, IconUser } from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState } from "react";
import { Link, Outlet, useLocation, useMatch, useNavigate } from "react-router";
import { del } from "../api";
import { money } from "../format";
import { useLoad } from "../hooks";
import { ProjectsProvider, useProjects } from "../projects";
import { useSession } from "../session";
import { menu, type MenuItem } from "./menu";
import "./shell.css";

const Search = lazy(() => import("../parts/Search"));

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

  const main = useRef<HTMLElement>(null);
  // The search is fetched when it is first wanted; from then on it has the shortcut itself.
  const [searching, setSearching] = useState(false);
  const search = () => { if (searching) void import("@mantine/spotlight").then(({ spotlight }) => spotlight.open()); else setSearching(true); };
  useHotkeys(searching ? [] : [["mod+K", search]], []);

  const signOut = async (everywhere: boolean) => {
    try {
      await del(everywhere ? "session?everywhere=true" : "session");
    } finally {
      forget();
      await navigate("/");
    }
  };

  return (
    <>
    <Anchor href="#main" className="skip-link" onClick={event => { event.preventDefault(); main.current?.focus(); }}>Skip to the content</Anchor>
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
            {projectId && <Button component={Link} to={`/projects/${projectId}/credits`} variant="light" px="sm" aria-label="Credits" visibleFrom="xs"><IconCoin size={18} /><Text span inherit visibleFrom="md" ml={8}>Credits</Text></Button>}
            <ActionIcon variant="default" size="lg" aria-label="Search" title={`Search (${/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl+"}K)`} onClick={search}><IconSearch size={18} /></ActionIcon>
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
      <AppShell.Navbar p="sm" style={{ overflowY: "auto" }} component="nav" aria-label="Developer tools" onClick={event => { if ((event.target as HTMLElement).closest("a")) close(); }}>
        <NavLink component={Link} to="/" label="All projects" leftSection={<IconClipboardList size={18} />} active={!projectId && pathname === "/"} />
        <NavLink component={Link} to="/estimate" label="Cost estimate" leftSection={<IconCalculator size={18} />} active={pathname === "/estimate"} />
        {projectId && <ProjectLinks id={projectId} owner={project?.role === "owner"} />}
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1} style={{ outline: "none" }}><VisuallyHidden>{project?.name}</VisuallyHidden><Suspense fallback={<Center h="60vh"><Loader aria-label="Loading" /></Center>}><Outlet /></Suspense></AppShell.Main>
    </AppShell>
    {searching && <Suspense>{<Search project={project} projects={projects.data ?? []} />}</Suspense>}
    </>
  );
}

function ProjectLinks({ id, owner }: { id: string; owner: boolean }) {
  const { pathname } = useLocation();
  const base = `/projects/${id}`;
  const link = ({ path, label, Icon }: MenuItem) => (
    <NavLink key={path} component={Link} to={base + path} label={label} leftSection={<Icon size={18} />} active={pathname === base + path}
      rightSection={path === "/credits" ? <Balance id={id} /> : undefined} />
  );
  const items = menu.filter(item => owner || !item.ownersOnly);
  const chat = items.filter(item => item.chat);
  return (
    <>
      <Text size="xs" tt="uppercase" fw={700} c="dimmed" mt="md" mb={4} px="sm">Developer tools</Text>
      {items.map(item => !item.chat ? link(item) : item === chat[0] && (
        <NavLink key="chat" component="button" label="Chat" leftSection={<IconMessages size={18} />} defaultOpened childrenOffset={28}>{chat.map(link)}</NavLink>
      ))}
    </>
  );
}

/** What is left of a project's credits, as of the last page that was opened. */
function Balance({ id }: { id: string }) {
  const { data } = useLoad<{ balance: number; currency: string }>(`projects/${id}/credits?before=0`);
  return data ? <Text span size="sm" c="dimmed">{money(data.balance, data.currency, 2)}</Text> : null;
}
