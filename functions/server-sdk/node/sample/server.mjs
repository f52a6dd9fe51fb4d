// A server of yours: it signs people in in its own way, gives their apps tokens, and hears what happens.
// Settings: VOX_ADDRESS, VOX_API_KEY, VOX_WEBHOOK_SECRET, PORT.
import express from "express";
import { readWebhook, VoxClient, VoxWebhookError } from "@voxfunctions/server";

const vox = new VoxClient({ address: process.env.VOX_ADDRESS, apiKey: process.env.VOX_API_KEY });
const app = express();
const heard = [];

// What happens in the chat. The signature is checked over the bytes as they came; the same event may come twice.
app.post("/webhooks/vox", express.raw({ type: () => true, limit: "64kb" }), (request, response) => {
  try {
    const event = readWebhook(process.env.VOX_WEBHOOK_SECRET, request.headers, request.body);
    heard.push(`${event.id} ${event.type}`);
    response.sendStatus(204);
  } catch (error) {
    if (!(error instanceof VoxWebhookError)) throw error;
    response.sendStatus(401);
  }
});
app.get("/heard", (_, response) => response.json(heard));

// The user's app asks for a token. Who the user is, your own sign-in knows; here it is the name in the header.
app.post("/token", async (request, response) => {
  const userId = request.get("X-Signed-In-As");
  if (!userId) return response.sendStatus(401);
  const { token, expiresAt } = await vox.tokens.create(userId, { createUser: true });
  return response.json({ token, expiresAt });
});

// Something happens in your system, and the team's group hears of it.
app.post("/orders/:id/shipped", async (request, response) => {
  const { id } = request.params;
  const sent = await vox.messages.send(
    { system: true, group: `order-${id}`, data: `Order ${id} is on its way.` }, { idempotencyKey: `shipped-${id}` });
  response.json({ id: sent.id });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
