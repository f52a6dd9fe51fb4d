export interface DemoConfig {
  projectId: string;
  users: { username: string; password: string }[];
}

/** The demo project of a development machine; elsewhere there is none, and the user fills in the form. */
export async function loadConfig(): Promise<DemoConfig> {
  try {
    const response = await fetch("config.json");
    if (response.ok) return (await response.json()) as DemoConfig;
  } catch {
    // As if there were none.
  }
  return { projectId: new URLSearchParams(location.search).get("project") ?? "", users: [] };
}
