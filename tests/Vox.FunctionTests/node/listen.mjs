// A customer's client: logs in over HTTP, negotiates, and prints each message that arrives, one line of JSON each.
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const [apiBase, projectId, loginId, password] = process.argv.slice(2);

const response = await fetch(`${apiBase}/api/v1/sessions`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ projectId, loginId, password }),
});
if (!response.ok) throw new Error(`Log-in failed: ${response.status} ${await response.text()}`);
const session = await response.json();

const connection = new HubConnectionBuilder()
  .withUrl(`${apiBase}/api/v1/realtime?u=${encodeURIComponent(session.realtimeUser)}`, { accessTokenFactory: () => session.accessToken })
  .configureLogging(LogLevel.Error)
  .build();
const print = value => process.stdout.write(`${JSON.stringify(value)}\n`);
connection.on("message", message => print(message));
await connection.start();
print("connected");

// The end of its input ends it.
process.stdin.resume();
process.stdin.on("end", () => connection.stop().finally(() => process.exit(0)));
