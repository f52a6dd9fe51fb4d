// Calls every method of the SDK, and says what each has sent, as JSON. Vox.FunctionTests compares it with the OpenAPI document.
import { VoxClient } from "@voxfunctions/server";

// Where three texts will not do.
const given = {
  "users.upsert": [[{ id: "x" }]],
  "users.presence": [["x"]],
  "groups.addMembers": ["x", ["x"]],
  "groups.removeMembers": ["x", ["x"]],
  "webhooks.deliveries": [{ type: "x", webhook: "x", state: "failed" }],
  "requests.list": [{ api: "server", caller: "x", method: "x", route: "x", failed: true, error: "x" }],
};

let sent = [];
const vox = new VoxClient({
  address: "http://localhost", apiKey: "vox_sk_test", maxRetries: 0,
  fetch: async (url, init) => {
    sent.push({ method: init.method, url });
    return Response.json({});
  },
});

const calls = [];
for (const [part, on] of Object.entries(vox)) {
  for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(on)).filter(name => name !== "constructor")) {
    sent = [];
    const name = `${part}.${method}`;
    try {
      const result = on[method](...(given[name] ?? ["x", "x", "x"]));
      if (typeof result.next === "function") await result.next();
      else await result;
    } catch (error) {
      // An empty answer is no page.
      if (sent.length === 0) throw error;
    }

    calls.push({ name, sent });
  }
}

console.log(JSON.stringify(calls));
