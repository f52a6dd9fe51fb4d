import "@mantine/spotlight/styles.css";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { IconCalculator, IconClipboardList, IconFolder, IconSearch, IconUser, IconUserCircle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { get, type ProjectSummary, type User } from "../api";
import { menu } from "../pages/menu";

interface Props {
  /** The one that is open: its pages and users are found. */
  project?: ProjectSummary;
  projects: ProjectSummary[];
}

/** Every word has to occur in the name, or in what people also call it. */
const matches = ({ label, keywords }: SpotlightActionData, text: string) => {
  const all = `${label ?? ""} ${String(keywords ?? "")}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every(word => all.includes(word));
};

/** Finds pages, projects and users by what is typed. It is fetched when it is first opened, and open then. */
export default function Search({ project, projects }: Props) {
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [wanted] = useDebouncedValue(query.trim(), 250);
  const users = useQuery({
    queryKey: ["search", project?.id, wanted],
    queryFn: () => get<{ users: User[] }>(`projects/${project!.id}/users?size=5&search=${encodeURIComponent(wanted)}`),
    enabled: !!project && wanted.length > 0,
  });
  useEffect(() => spotlight.open(), []);

  const to = (address: string) => () => void navigate(address);
  const base = project && `/projects/${project.id}`;
  const pages: SpotlightActionData[] = [
    ...(base ? menu.filter(item => !item.ownersOnly || project.role === "owner").map(({ path, label, chat, words, Icon }) => ({
      id: `page${path}`, label: chat ? `Chat: ${label}` : label, keywords: words, leftSection: <Icon size={20} />, onClick: to(base + path),
    })) : []),
    { id: "all", label: "All projects", leftSection: <IconClipboardList size={20} />, onClick: to("/") },
    { id: "estimate", label: "Cost estimate", keywords: "azure price", leftSection: <IconCalculator size={20} />, onClick: to("/estimate") },
    { id: "account", label: "Account and security", keywords: "password authenticator profile", leftSection: <IconUserCircle size={20} />, onClick: to("/account") },
  ];
  const projectActions = projects.map(p => ({ id: p.id, label: p.name, keywords: p.id, leftSection: <IconFolder size={20} />, onClick: to(`/projects/${p.id}`) }));
  const userActions = wanted && base ? (users.data?.users ?? []).map(({ username }) => ({
    id: `user:${username}`, label: username, leftSection: <IconUser size={20} />, onClick: to(`${base}/user?name=${encodeURIComponent(username)}`),
  })) : [];
  const groups = [{ group: "Pages", actions: pages }, { group: "Projects", actions: projectActions }];
  return (
    <Spotlight
      query={query} onQueryChange={setQuery} shortcut="mod + K" limit={12} scrollable maxHeight={420} attributes={{ content: { "aria-label": "Search" } }}
      actions={[...groups, { group: "Users", actions: userActions }].filter(g => g.actions.length > 0)}
      // The server has found the users already.
      filter={text => [
        ...groups.map(({ group, actions }) => ({ group, actions: actions.filter(action => matches(action, text)) })),
        { group: "Users", actions: text.trim() ? userActions : [] },
      ].filter(g => g.actions.length > 0)}
      nothingFound="Nothing is called like this."
      searchProps={{ leftSection: <IconSearch size={20} />, placeholder: base ? "Search pages, projects and users" : "Search pages and projects", "aria-label": "Search" }} />
  );
}
