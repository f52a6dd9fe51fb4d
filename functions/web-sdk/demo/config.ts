export interface DemoConfig {
  projectId: string;
  /** Without a password: the form asks for it. */
  users: { username: string; password?: string }[];
  /** The address asks for this project: another one's session in this tab is not resumed. */
  named?: boolean;
}

/** Users to offer at most: more do not fit. */
const MAX_USERS = 8;

/**
 * A project and users that the address names, `?project=pid_…&user=alice&user=bob`, as the developer portal's links do. Passwords are never
 * part of an address, which stays in histories and logs. Without them it is the demo project of a development machine. Elsewhere there is
 * none, and the user fills in the form.
 */
export async function loadConfig(): Promise<DemoConfig> {
  const query = new URLSearchParams(location.search);
  const projectId = query.get("project") ?? "";
  if (projectId) return { projectId, named: true, users: [...new Set(query.getAll("user"))].filter(Boolean).slice(0, MAX_USERS).map((username) => ({ username })) };
  try {
    const response = await fetch("config.json");
    if (response.ok) return (await response.json()) as DemoConfig;
  } catch {
    // No answer means the same as an answer without a demo project.
  }
  return { projectId: "", users: [] };
}
