import { Outlet, useParams } from "react-router";
import type { Project } from "../api";
import { useLoad } from "../hooks";
import { Loaded } from "../parts/Parts";

export function ProjectLayout() {
  const { projectId } = useParams();
  const project = useLoad<Project>(`projects/${projectId}`, { fresh: true });
  // While another project is loading, the one before must not be shown under the new address.
  const current = { ...project, data: project.data?.id === projectId ? project.data : undefined };
  return <Loaded of={current}>{data => <Outlet key={data.id} context={{ project: data, reload: project.reload }} />}</Loaded>;
}
