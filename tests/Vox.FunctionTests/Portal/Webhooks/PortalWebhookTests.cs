using Vox.Chat.Webhooks;

namespace Vox.Tests.Portal;

public sealed class PortalWebhookTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private const string Url = "https://example.com/hooks";

    [Fact]
    public async Task Endpoint_FromItsBeginningToItsEnd_IsShownAndRecorded()
    {
        using var client = await portal.NewDeveloperAsync();
        var path = "projects/" + (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString();
        var made = await client.PostJsonAsync($"{path}/webhooks", new { url = Url, events = new[] { "message.sent" } });
        var id = made.GetProperty("id").GetString();
        var rotated = await client.PostJsonAsync($"{path}/webhooks/{id}/rotate", new { overlapHours = 1 });
        await client.DoAsync(HttpMethod.Patch, $"{path}/webhooks/{id}", new { enabled = false });

        var list = await client.GetAsync($"{path}/webhooks");
        var shown = Assert.Single(list.GetProperty("webhooks").EnumerateArray());
        Assert.Equal((Url, false), (shown.GetProperty("url").GetString(), shown.GetProperty("enabled").GetBoolean()));
        Assert.NotEqual(made.GetProperty("secret").GetString(), rotated.GetProperty("secret").GetString());
        Assert.DoesNotContain("whsec_", list.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(
                HttpMethod.Post, $"{path}/webhooks", new { url = "https://10.0.0.1/", events = new[] { "message.sent" } }));
        await client.DoAsync(HttpMethod.Delete, $"{path}/webhooks/{id}");
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Delete, $"{path}/webhooks/{id}"));
        Assert.Equal(
            ["webhook.removed", "webhook.changed", "webhook.rotated", "webhook.created", "project.created"],
            (await client.GetAsync($"{path}/audit")).GetProperty("entries").EnumerateArray()
                .Select(entry => entry.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task BeforeSend_FromItsBeginningToItsEnd_IsShownAndRecorded()
    {
        using var client = await portal.NewDeveloperAsync();
        var path = "projects/" + (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString();
        Assert.Equal("{}", (await client.GetAsync($"{path}/before-send")).GetRawText());
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Post, $"{path}/before-send/rotate", new { }));

        await client.DoAsync(HttpMethod.Put, $"{path}/before-send", new { url = Url, milliseconds = 500, allowsOnFailure = false });
        var rotated = await client.PostJsonAsync($"{path}/before-send/rotate", new { overlapHours = 1 });

        Assert.StartsWith("whsec_", rotated.GetProperty("secret").GetString(), StringComparison.Ordinal);
        var shown = (await client.GetAsync($"{path}/before-send")).GetProperty("hook");
        Assert.Equal(
            (Url, 500, false),
            (shown.GetProperty("url").GetString(), shown.GetProperty("milliseconds").GetInt32(),
                shown.GetProperty("allowsOnFailure").GetBoolean()));
        Assert.True(shown.TryGetProperty("previousUntil", out _));
        Assert.DoesNotContain("whsec_", shown.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(
            (400, "invalid_field"), await client.RefusedAsync(HttpMethod.Put, $"{path}/before-send", new { url = "https://10.0.0.1/" }));
        await client.DoAsync(HttpMethod.Delete, $"{path}/before-send");
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Delete, $"{path}/before-send"));
        Assert.Equal(
            ["before_send.removed", "before_send.rotated", "before_send.set", "project.created"],
            (await client.GetAsync($"{path}/audit")).GetProperty("entries").EnumerateArray()
                .Select(entry => entry.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task Deliveries_InPages_HaveEachOnceAndTheNewestFirst()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString()!;
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < 60; i++)
        {
            // Over several days, a few of them too old.
            var at = now.AddHours(-3 * i).ToUnixTimeMilliseconds();
            await portal.App.Get<WebhookHistory>().AddAsync(
                new WebhookTask(project, "endpoint", $"evt_{i}", "message.sent", at, 1, "{}"),
                new WebhookAttempt(now, i % 2 == 0 ? 200 : 500, 5), i % 2 == 0 ? "delivered" : "failed");
        }

        var found = new List<string>();
        string? after = null;
        do
        {
            var page = await client.GetAsync($"projects/{project}/webhook-deliveries?after={after}");
            found.AddRange(page.GetProperty("deliveries").EnumerateArray().Select(delivery => delivery.GetProperty("event").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);

        Assert.InRange(found.Count, 56, 60);
        Assert.Equal(Enumerable.Range(0, found.Count).Select(i => $"evt_{i}"), found);
        var failed = await client.GetAsync($"projects/{project}/webhook-deliveries?state=failed");
        Assert.All(failed.GetProperty("deliveries").EnumerateArray(), one => Assert.Equal("failed", one.GetProperty("state").GetString()));

        await portal.App.Get<WebhookHistory>().ErasingAsync(project, CancellationToken.None);
        Assert.Empty((await client.GetAsync($"projects/{project}/webhook-deliveries")).GetProperty("deliveries").EnumerateArray());
    }
}
