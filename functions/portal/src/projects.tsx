import { createContext, useContext, type ReactNode } from "react";
import { useOutletContext } from "react-router";
import { get, type Project, type ProjectSummary } from "./api";
import { useLoad } from "./hooks";

const Context = createContext<ReturnType<typeof useLoad<ProjectSummary[]>>>(null!);

export const useProjects = () => useContext(Context);

export function ProjectsProvider({ children }: { children: ReactNode }) {
  const projects = useLoad("projects", { load: async () => (await get<{ projects: ProjectSummary[] }>("projects")).projects });
  return <Context value={projects}>{children}</Context>;
}

/** The project that the page is about. */
export const useProject = () => useOutletContext<{ project: Project; reload: () => Promise<void> }>();

export const canEdit = (project: Project) => project.role !== "viewer";

/** The address of the demo page for this project. The page itself asks for the passwords, which do not belong in an address. */
export function demoAddress(projectId: string, users: string[]) {
  const query = new URLSearchParams({ project: projectId });
  for (const user of users) query.append("user", user);
  return `/demo/?${query}`;
}
