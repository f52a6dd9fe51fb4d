import { Http } from "../api/Http.js";
import { ChatError } from "../base/ChatError.js";

/** Milliseconds after which `CS.initialize` answers that there is no server, and those for one attempt. */
const DEADLINE = 6_000;
const ATTEMPT = 4_000;

/** Looks whether there is a server, and a project on it. @throws ChatError 404 or 500 with a sentence for the developer. */
export async function checkProject(server: string, projectId: string): Promise<void> {
  if (!server) throw new ChatError(500, "no_server", "There is no server: name it in the config of CS.initialize, or load the script from it.");
  if (!projectId) throw noProject();
  try {
    await new Http(server).call("GET", `projects/${encodeURIComponent(projectId)}`, { anonymous: true, deadline: DEADLINE, attempt: ATTEMPT });
  } catch (error) {
    const { code, reason, message } = ChatError.of(error);
    if (reason === "project_not_found") throw new ChatError(404, reason, `There is no project "${projectId}" on ${server}.`);
    if (reason === "origin_not_allowed") throw new ChatError(500, reason, message);
    throw new ChatError(500, reason, code === 404 ? `${server} is no chat server.` : `The server ${server} does not answer: ${message}`);
  }
}

export function noProject(): ChatError {
  return new ChatError(404, "missing_project", "There is no project: call CS.initialize({ appId: \"pid_…\" }, callback) with the id of yours.");
}
