/** What the texts of the quick start are filled in with. */
export interface Ids {
  /** The address of the server, without a slash at the end. */
  server: string;
  project: string;
  /** An API key of the project, or what stands in its place. */
  apiKey: string;
  alice: string;
  bob: string;
  /** The password of both. */
  password: string;
}

/** Something to paste. Its label is the name of a file, or what it does in a shell. */
export interface Text { label: string; text: string }

const quoted = JSON.stringify;

/** What every shell begins with: the key is typed once, and no later line has it. */
const key = ({ server, apiKey }: Ids): Text => ({
  label: "The address and the key",
  text: `export VOX_ADDRESS='${server}'
export VOX_API_KEY='${apiKey}'`,
});

const repository: Text = { label: "Where the repository is", text: "export VOX_REPOSITORY=\"$HOME/voxfunctions\"" };

const post = (path: string, body: unknown) => `curl --fail-with-body --silent --show-error "$VOX_ADDRESS/api/server/v1/${path}" \\
  -H "Authorization: Bearer $VOX_API_KEY" -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(body)}'`;

export const curl = (ids: Ids): Text[] => [
  key(ids),
  { label: "Create two users", text: post("users", { users: [{ id: "alice" }, { id: "bob" }] }) },
  { label: "Send a message", text: post("messages", { from: "alice", to: "bob", data: "Hello from curl" }) },
  { label: "A token for Bob's app", text: post("users/bob/tokens", { lifetimeSeconds: 3600 }) },
  {
    label: "Read the conversation",
    text: `curl --fail-with-body --silent --show-error "$VOX_ADDRESS/api/server/v1/users/bob/messages?with=alice" \\
  -H "Authorization: Bearer $VOX_API_KEY"`,
  },
];

export const node = (ids: Ids): Text[] => [
  key(ids),
  repository,
  {
    label: "The package",
    text: `npm install --no-audit --no-fund --prefix "$VOX_REPOSITORY/functions/server-sdk/node"
npm pack --silent "$VOX_REPOSITORY/functions/server-sdk/node"
npm init --yes > /dev/null
npm install --no-audit --no-fund ./voxfunctions-server-1.0.0.tgz`,
  },
  {
    label: "quick-start.mjs",
    text: `import { VoxClient } from "@voxfunctions/server";

const vox = new VoxClient({ address: process.env.VOX_ADDRESS, apiKey: process.env.VOX_API_KEY });

await vox.users.upsert([{ id: "alice" }, { id: "bob" }]);
const sent = await vox.messages.send({ from: "alice", to: "bob", data: "Hello from Node" });
console.log("sent", sent.sequence);

const { token } = await vox.tokens.create("bob");
console.log("token for Bob's app", token);

for await (const message of vox.messages.list("bob", "alice")) console.log(message.from, message.data);
`,
  },
  { label: "Run it with Node", text: "node quick-start.mjs" },
];

export const dotnet = (ids: Ids): Text[] => [
  key(ids),
  repository,
  {
    label: "The project",
    text: `dotnet new console --output quick-start
cd quick-start
dotnet add reference "$VOX_REPOSITORY/functions/server-sdk/dotnet/Vox.Server/Vox.Server.csproj"`,
  },
  {
    label: "Program.cs",
    text: `using Vox.Server;

var vox = new VoxClient(new HttpClient(), new VoxOptions
{
    Address = new Uri(Environment.GetEnvironmentVariable("VOX_ADDRESS")!),
    ApiKey = Environment.GetEnvironmentVariable("VOX_API_KEY")!,
});

await vox.Users.UpsertAsync([new UserDraft { Id = "alice" }, new UserDraft { Id = "bob" }]);
var sent = await vox.Messages.SendAsync("alice", "bob", "Hello from .NET");
Console.WriteLine($"sent {sent.Sequence}");

var token = await vox.Tokens.CreateAsync("bob");
Console.WriteLine($"token for Bob's app {token.Token}");

await foreach (var message in vox.Messages.ListAsync("bob", with: "alice"))
{
    Console.WriteLine($"{message.From} {message.Data}");
}
`,
  },
  { label: "Run it with .NET", text: "dotnet run" },
];

const show = `const show = text => document.querySelector("#log").append(Object.assign(document.createElement("li"), { textContent: text }));`;

export const browserModule = ({ server, project, alice, bob, password }: Ids): Text[] => [{
  label: "module.html",
  text: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Chat</title>
<ul id="log"></ul>
<script type="module">
  import { ChatClient } from "${server}/js/calmsdk.mjs";

  ${show}
  const logIn = async loginId => {
    const client = new ChatClient({ server: ${quoted(server)}, projectId: ${quoted(project)} });
    client.on("message", message => message.mine || show(\`\${loginId} has got: \${message.data}\`));
    const ready = new Promise(resolve => client.on("synchronized", resolve));
    await client.logIn(loginId, ${quoted(password)});
    await ready;
    return client;
  };
  const alice = await logIn(${quoted(alice)});
  const bob = await logIn(${quoted(bob)});
  await alice.send({ to: ${quoted(bob)}, data: "Hello from the module" }).accepted;
  await bob.send({ to: ${quoted(alice)}, data: "Hello back" }).accepted;
</script>
</html>
`,
}];

export const callbacks = ({ server, project, alice, bob, password }: Ids): Text[] => [{
  label: "callbacks.html",
  text: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Chat</title>
<ul id="log"></ul>
<script src="${server}/js/calmsdk-001.js"></script>
<script>
  ${show}
  CS.chat.onMessage((type, message) => {
    if (type === "NEW-MESSAGE") show(\`\${message.remoteUser} wrote: \${message.data}\`);
  });
  CS.initialize({ appId: ${quoted(project)} }, code => {
    if (code !== 200) return show(\`initialize \${code}\`);
    CS.login(${quoted(alice)}, ${quoted(password)}, code => {
      if (code !== 200) return show(\`login \${code}\`);
      CS.chat.sendMessage(${quoted(bob)}, "Hello from CS", CS.chat.ChatType.TEXT_PLAIN, 0, code => show(\`accepted \${code}\`), true);
    });
  });
</script>
</html>
`,
}];
