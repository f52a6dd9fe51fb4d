using Vox.Chat.Webhooks;
using Vox.Tests.Fixture;

namespace Vox.Tests.Webhooks;

public sealed class WebhookInputTests(Backends backends)
{
    [Theory]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:169.254.169.254]/latest")]
    [InlineData("https://2130706433/")]
    [InlineData("http://example.com/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("no address")]
    public async Task Create_WithAnAddressThatIsNotGood_IsRefused(string url)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();

        await server.PostAsync("webhooks", new { url, events = new[] { "message.sent" } }).ProblemAsync("invalid_field", "url");
    }

    [Fact]
    public async Task Create_WithFieldsThatAreNotGood_NamesTheField()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        const string Url = "https://example.com/";

        await server.PostAsync("webhooks", new { events = new[] { "message.sent" } }).ProblemAsync("missing_field", "url");
        await server.PostAsync("webhooks", new { url = Url }).ProblemAsync("missing_field", "events");
        await server.PostAsync("webhooks", new { url = Url, events = Array.Empty<string>() }).ProblemAsync("missing_field", "events");
        await server.PostAsync("webhooks", new { url = Url, events = new[] { "x" } }).ProblemAsync("invalid_field", "events");
        await server.PostAsync("webhooks", new { url = Url, events = new[] { "message.sent" }, description = new string('x', 201) })
            .ProblemAsync("too_long", "description");
        await server.GetAsync("webhooks/nothing").ProblemAsync("not_found", "webhookId");
        await server.GetAsync("webhook-deliveries/nothing").ProblemAsync("not_found", "deliveryId");
        await server.GetAsync("webhook-deliveries?cursor=x").ProblemAsync("invalid_field", "cursor");
        for (var i = 0; i < new WebhookOptions().MaxPerProject; i++)
        {
            await server.PostJsonAsync("webhooks", new { url = Url, events = new[] { "message.sent" } });
        }

        await server.PostAsync("webhooks", new { url = Url, events = new[] { "message.sent" } }).ProblemAsync("limit_reached");
        foreach (var webhook in (await server.GetJsonAsync("webhooks")).GetProperty("webhooks").EnumerateArray())
        {
            (await server.SendAsync(HttpMethod.Delete, "webhooks/" + webhook.GetProperty("id").GetString())).EnsureSuccessStatusCode();
        }

        Assert.False((await server.Project.ReadAsync()).HasWebhooks);
    }
}
