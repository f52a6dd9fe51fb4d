using System.Collections.Concurrent;
using Vox.Server;
using Vox.Server.AspNetCore;

// A server of yours: it signs people in in its own way, gives their apps tokens, and hears what happens.
// Settings: Vox__Address, Vox__ApiKey, Vox__WebhookSecrets__0.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddVox(builder.Configuration.GetSection("Vox").Bind);
var app = builder.Build();
var heard = new ConcurrentQueue<string>();

// The user's app asks for a token. Who the user is, your own sign-in knows; here it is the name in the header.
app.MapPost("/token", async (HttpRequest request, VoxClient vox, CancellationToken cancellationToken) =>
{
    if (request.Headers["X-Signed-In-As"].ToString() is not { Length: > 0 } userId)
    {
        return Results.Unauthorized();
    }

    var token = await vox.Tokens.CreateAsync(
        userId, new TokenOptions { Lifetime = TimeSpan.FromHours(1), CreateUser = true }, cancellationToken: cancellationToken);
    return Results.Json(new { token = token.Token, expiresAt = token.ExpiresAt });
});

// Something happens in your system, and the team's group hears of it.
app.MapPost("/orders/{id}/shipped", async (string id, VoxClient vox, CancellationToken cancellationToken) =>
{
    var sent = await vox.Messages.SendSystemAsync(
        $"order-{id}", $"Order {id} is on its way.", idempotencyKey: $"shipped-{id}", cancellationToken: cancellationToken);
    return Results.Json(new { sent.Id });
});

// What happens in the chat. The signature was checked before this runs; the same event may come twice.
app.MapVoxWebhook("/webhooks/vox", (message, _) =>
{
    heard.Enqueue($"{message.Id} {message.Type}");
    return Task.CompletedTask;
});
app.MapGet("/heard", () => heard.ToArray());

app.Run();
