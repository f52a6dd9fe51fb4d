using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Requests;
using Vox.Chat.Webhooks;
using Vox.Tests.Changes;
using Vox.Tests.Fixture;

namespace Vox.Tests.Requests;

public sealed class RequestLogTests(Backends backends)
{
    [Fact]
    public async Task Requests_ThatAreRefused_AreKeptWithoutWhatTheySaid()
    {
        await using var app = await StartAsync();
        var (project, alice, _) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        var reader = await project.CreateServerAsync("webhooks:read");

        await alice.SayAsync("bob", "a secret text");
        await alice.PostAsync("/api/v1/messages", new { to = "nobody", data = "a secret text" }).ProblemAsync("recipient_not_found", "to");
        await server.GetAsync("users/nobody").ProblemAsync("user_not_found", "id");
        await reader.GetAsync("users/alice").ProblemAsync("missing_scope", "users:read");
        var all = await ListAsync(app, reader, "");

        Assert.Equal(
            ["GET /api/server/v1/users/{userId} 403 missing_scope", "GET /api/server/v1/users/{userId} 404 user_not_found",
                "POST /api/v1/messages 404 recipient_not_found"],
            all.Select(Line));
        Assert.Equal([reader.KeyId, server.KeyId, "alice"], all.Select(one => one.Text("caller")));
        Assert.Equal(["server", "server", "client"], all.Select(one => one.Text("api")));
        Assert.All(all, one => Assert.True(one.Number("milliseconds") >= 0 && one.Text("requestId")!.Length > 8));
        Assert.DoesNotContain("nobody", string.Concat(all.Select(one => one.GetRawText())), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Concat(all.Select(one => one.GetRawText())), StringComparison.Ordinal);

        Assert.Equal(2, (await ListAsync(app, reader, "?api=server")).Count);
        Assert.Single(await ListAsync(app, reader, "?caller=alice"));
        Assert.Single(await ListAsync(app, reader, "?error=missing_scope"));
        Assert.Single(await ListAsync(app, reader, "?method=post"));
        Assert.Equal(2, (await ListAsync(app, reader, "?route=users")).Count);
        Assert.Empty(await ListAsync(app, reader, "?failed=false"));
        var first = await reader.GetJsonAsync("api-requests?limit=2");
        Assert.Equal("errors", first.Text("kept"));
        var second = await reader.GetJsonAsync($"api-requests?limit=2&cursor={first.Text("next")}");
        Assert.Equal(
            all.Select(Line),
            first.GetProperty("requests").EnumerateArray().Concat(second.GetProperty("requests").EnumerateArray()).Select(Line));
        await reader.GetAsync("api-requests?cursor=x").ProblemAsync("invalid_field", "cursor");
        // Nobody else's project shows them.
        Assert.Empty(await ListAsync(app, await (await app.CreateProjectAsync()).CreateServerAsync(), ""));
    }

    [Theory]
    [InlineData(KeptRequests.All, 3)]
    [InlineData(KeptRequests.Errors, 1)]
    [InlineData(KeptRequests.None, 0)]
    public async Task Requests_AsTheProjectWantsThem_AreKept(KeptRequests kept, int count)
    {
        await using var app = await StartAsync();
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await KeepAsync(server, kept);

        await server.UpsertAsync("alice");
        await server.GetJsonAsync("users/alice");
        await server.GetAsync("users/nobody").ProblemAsync("user_not_found", "id");

        Assert.Equal(count, (await ListAsync(app, server, "")).Count);
    }

    [Fact]
    public async Task Requests_OfOneMinute_AreKeptUpToABoundAndWrittenTogether()
    {
        await using var app = await StartAsync("Requests:KeptPerMinute=20");
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await KeepAsync(server, KeptRequests.All);
        await server.UpsertAsync("alice");
        await app.Get<RequestLog>().DrainAsync();
        var writes = 0;
        app.Storage.Sent = (method, path) => Interlocked.Add(
            ref writes, method == "POST" && path.Contains("$batch", StringComparison.Ordinal) ? 1 : 0);

        var log = app.Get<RequestLog>();
        for (var n = 0; n < 1_000; n++)
        {
            await log.NoteAsync(new ApiRequest(
                server.Project.Id, TimeProvider.System.GetUtcNow(), "client", "alice", "GET", "api/v1/x", 200, 1, "r", "", 1));
        }

        await log.DrainAsync();
        app.Storage.Sent = null;

        var of = (await AllAsync(server)).Where(one => one.Text("route") == "/api/v1/x")
            .Select(one => one.TryGetProperty("of", out var value) ? value.GetInt64() : 1).ToList();
        // The minute may have ended meanwhile: then it began anew.
        Assert.InRange(of.Count(value => value == 1), 18, 40);
        Assert.InRange(of.Count(value => value == RequestLog.OneIn), 0, 40);
        Assert.InRange(writes, 1, 4);
    }

    [Fact]
    public async Task Requests_OfADayLongAgoAndOfAnErasure_AreRemoved()
    {
        await using var app = await StartAsync();
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        var store = app.Get<RequestStore>();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var days in (int[])[0, 6, 8, 30])
        {
            await store.AddAsync([new ApiRequest(
                server.Project.Id, now.AddDays(-days), "client", "alice", "GET", "api/v1/x", 404, 1, "r", "not_found", 1)]);
        }

        await app.Get<WebhookUpkeep>().RunAsync(CancellationToken.None);
        Assert.Equal(2, (await AllAsync(server)).Count);
        foreach (var days in (int[])[8, 30])
        {
            var day = RequestStore.DayOf(now.AddDays(-days));
            Assert.Empty((await store.ListAsync(server.Project.Id, day, "", new(), 10, 10, CancellationToken.None)).Found);
        }

        foreach (var step in app.Services.GetServices<IErasureStep>())
        {
            await step.EraseUserAsync(server.Project.Id, "alice", "erased", CancellationToken.None);
        }

        Assert.Empty(await AllAsync(server));
    }

    private static string Line(JsonElement one) =>
        $"{one.Text("method")} {one.Text("route")} {one.Number("status")} {one.Text("error")}".TrimEnd();

    private static async Task<List<JsonElement>> ListAsync(VoxApp app, TestServer server, string query)
    {
        await app.Get<RequestLog>().DrainAsync();
        return [.. (await server.GetJsonAsync("api-requests" + query)).GetProperty("requests").EnumerateArray()];
    }

    private static async Task<List<JsonElement>> AllAsync(TestServer server)
    {
        var (found, cursor) = (new List<JsonElement>(), "");
        do
        {
            var page = await server.GetJsonAsync("api-requests?limit=100" + (cursor.Length > 0 ? "&cursor=" + cursor : ""));
            found.AddRange(page.GetProperty("requests").EnumerateArray());
            cursor = page.Text("next") ?? "";
        }
        while (cursor.Length > 0);
        return found;
    }

    private static async Task KeepAsync(TestServer server, KeptRequests kept) => await server.App.Get<ProjectService>().UpdateAsync(
        server.Project.Id, project => project with { KeptRequests = kept }, CancellationToken.None);

    private Task<VoxApp> StartAsync(params string[] settings) =>
        VoxApp.StartAsync(backends, ["Requests:KeptPerMinute=1000", "Projects:CacheSeconds=1", .. settings]);
}
