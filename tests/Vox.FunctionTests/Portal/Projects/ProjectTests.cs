using System.Net;
using System.Text;
using System.Text.Json;
using Vox.Chat.Projects;
using Vox.Platform.Storage;
using Vox.Portal;
using Vox.Portal.Billing;
using Vox.Portal.Http;
using Vox.Portal.Projects;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class ProjectTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task RotateToken_OldOneIsGoodDuringTheOverlapOnly()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var id = keys.GetProperty("projectId").GetString()!;
        var first = new TestProject(app, id, keys.GetProperty("authToken").GetString()!);
        await first.CreateUserAsync("a1");

        var second = first with { Token = await RotateAsync(2) };
        await first.CreateUserAsync("a2");
        await second.CreateUserAsync("a3");

        clock.Advance(TimeSpan.FromHours(2.1));
        Assert.Equal(HttpStatusCode.NotFound, (await first.PostUserAsync("a4", "secret word")).StatusCode);

        var third = first with { Token = await RotateAsync(0) };
        Assert.Equal(HttpStatusCode.NotFound, (await second.PostUserAsync("a4", "secret word")).StatusCode);
        await third.CreateUserAsync("a4");

        async Task<string> RotateAsync(int overlapHours) =>
            (await client.PostJsonAsync($"projects/{id}/token", new { overlapHours })).GetProperty("authToken").GetString()!;
    }

    [Fact]
    public async Task RotateToken_AgainWhileTheFirstIsInUse_KeepsItUntilItsEndAndListsAll()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var id = keys.GetProperty("projectId").GetString()!;
        var first = new TestProject(app, id, keys.GetProperty("authToken").GetString()!);
        var second = first with { Token = await RotateAsync(24) };
        var third = first with { Token = await RotateAsync(1) };

        await first.CreateUserAsync("a1");
        await second.CreateUserAsync("a2");
        await third.CreateUserAsync("a3");
        var tokens = await TokensAsync();
        Assert.Equal(3, tokens.Count);
        Assert.Null(tokens[0].Until);
        Assert.Equal(clock.GetUtcNow().AddHours(1), tokens[1].Until);
        Assert.Equal(clock.GetUtcNow().AddHours(24), tokens[2].Until);

        // The second ends by itself, the first where somebody says so.
        clock.Advance(TimeSpan.FromHours(1.1));
        await first.CreateUserAsync("a4");
        Assert.Equal(HttpStatusCode.NotFound, (await second.PostUserAsync("a5", "secret word")).StatusCode);
        var left = await TokensAsync();
        Assert.Equal([tokens[0].Id, tokens[2].Id], left.Select(token => token.Id));
        await client.DoAsync(HttpMethod.Delete, $"projects/{id}/token?id={tokens[2].Id}");
        Assert.Equal(HttpStatusCode.NotFound, (await first.PostUserAsync("a5", "secret word")).StatusCode);
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Delete, $"projects/{id}/token?id={tokens[2].Id}"));
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Delete, $"projects/{id}/token?id={tokens[0].Id}"));
        await third.CreateUserAsync("a5");

        for (var i = 0; i < Vox.Chat.Projects.ProjectService.MaxEarlierTokens; i++)
        {
            await RotateAsync(168);
        }

        Assert.Equal((409, "limit_reached"), await client.RefusedAsync(HttpMethod.Post, $"projects/{id}/token", new { overlapHours = 1 }));
        await RotateAsync(0);

        async Task<string> RotateAsync(int overlapHours) =>
            (await client.PostJsonAsync($"projects/{id}/token", new { overlapHours })).GetProperty("authToken").GetString()!;

        async Task<List<(string Id, DateTimeOffset? Until)>> TokensAsync() =>
        [
            .. (await client.GetAsync($"projects/{id}")).GetProperty("tokens").EnumerateArray().Select(token => (
                token.GetProperty("id").GetString()!,
                token.TryGetProperty("until", out var until) ? until.GetDateTimeOffset() : (DateTimeOffset?)null)),
        ];
    }

    [Fact]
    public async Task RotateMediaSecret_AddressesGivenOutBefore_NoLongerWorkAndTheAuditLogSaysSo()
    {
        using var client = await portal.NewDeveloperAsync();
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var id = keys.GetProperty("projectId").GetString()!;
        var project = new TestProject(portal.App, id, keys.GetProperty("authToken").GetString()!);
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var key = (await alice.SendFileAsync("alice", "a.txt", "hello"u8.ToArray())).GetProperty("key").GetString()!;
        var before = new Uri(await alice.MediaPrefixAsync() + key);
        using var known = await UploadClient.Storage.GetAsync(before);
        Assert.Equal(HttpStatusCode.Redirect, known.StatusCode);

        await client.DoAsync(HttpMethod.Post, $"projects/{id}/media-secret", new { });

        using var leaked = await UploadClient.Storage.GetAsync(before);
        Assert.Equal(HttpStatusCode.NotFound, leaked.StatusCode);
        Assert.Equal("hello"u8.ToArray(), await alice.DownloadAsync(key));
        Assert.Contains(
            (await client.GetAsync($"projects/{id}/audit")).GetProperty("entries").EnumerateArray(),
            entry => entry.GetProperty("action").GetString() == "project.media_secret_rotated");
    }

    [Fact]
    public async Task Delete_NameTyped_ProjectIsGoneAtOnceAndItsRowsSoon()
    {
        using var client = await portal.NewDeveloperAsync();
        var keys = await client.PostJsonAsync("projects", new { name = "Old shop" });
        var project = new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "hello");
        var session = await alice.LogInAsync();
        await session.SendFileAsync("bob", "hello.txt", "Hello"u8.ToArray());
        await session.BeginUploadAsync("half.txt", 10);
        await session.GetJsonAsync("/api/v1/media/prefix");
        await session.PostJsonAsync("/api/v1/groups", new { name = "Friends", members = new[] { "bob" } });
        await client.DoAsync(HttpMethod.Put, $"projects/{project.Id}/push/android", new { serverKey = new string('k', 150) });
        var rates = new RateChange(new DateOnly(2100, 1, 1), "*:1", null);
        await portal.App.Get<RateStore>().SetAsync(project.Id, rates, CancellationToken.None);
        await project.HistoryAsync();
        Assert.NotEmpty(await RowsAsync());
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Post, $"projects/{project.Id}/delete", new { confirmation = "old shop" }));

        await client.DoAsync(HttpMethod.Post, $"projects/{project.Id}/delete", new { confirmation = "Old shop" });

        Assert.Equal((404, "project_not_found"), await client.RefusedAsync(HttpMethod.Get, $"projects/{project.Id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await project.PostUserAsync("carol", "secret word")).StatusCode);
        await portal.App.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        Assert.Empty(await RowsAsync());
        Assert.Empty(await project.BlobsAsync());
        Assert.Empty((await client.GetAsync("projects")).GetProperty("projects").EnumerateArray());

        // All rows except those of the bookkeeping, and except the project's own row, which a later sweep removes.
        async Task<List<string>> RowsAsync()
        {
            await portal.App.SettleAsync(project.Id);
            var found = new List<string>();
            foreach (var table in (await portal.TablesAsync()).Except(["ledger", "payments", "filemeter", "projects"]))
            {
                var rows = await portal.App.Get<StorageClients>().Table(table).QueryAsync(
                    $"PartitionKey ge {project.Id} and PartitionKey lt {project.Id + "~"}", 1_000, CancellationToken.None);
                found.AddRange(rows.Select(row => $"{table}: {row.PartitionKey}, {row.RowKey}"));
            }

            return found;
        }
    }

    [Fact]
    public async Task Users_AddedListedSearchedDisabledAndDeleted()
    {
        using var client = await portal.NewDeveloperAsync();
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var users = $"projects/{project.Id}/users";
        foreach (var name in (string[])["anna", "ben", "carl", "a/b?c", "Zoë"])
        {
            await client.DoAsync(HttpMethod.Post, users, new { username = name, password = "secret word" });
        }

        Assert.Equal(
            (409, "user_exists"), await client.RefusedAsync(HttpMethod.Post, users, new { username = "anna", password = "secret word" }));
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await client.GetAsync($"{users}?size=2{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}");
            seen.AddRange(page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("username").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        Assert.Equal(["a/b?c", "anna", "ben", "carl", "Zoë"], seen.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("anna", (await client.GetAsync(users + "?search=NN")).GetProperty("users")[0].GetProperty("username").GetString());

        var anna = new TestUser(project, "anna", "secret word");
        var session = await anna.LogInAsync();
        await client.DoAsync(HttpMethod.Put, users + "/status", new { username = "anna", disabled = true });
        Assert.Equal(HttpStatusCode.Unauthorized, (await anna.PostLogInAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/api/v1/conversations")).StatusCode);
        await client.DoAsync(HttpMethod.Put, users + "/status", new { username = "anna", disabled = false });
        await client.DoAsync(HttpMethod.Put, users + "/password", new { username = "anna", password = "new secret" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await anna.PostLogInAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anna.PostLogInAsync("new secret")).StatusCode);

        await client.DoAsync(HttpMethod.Delete, $"{users}?username={Uri.EscapeDataString("a/b?c")}");
        Assert.Equal(
            (404, "user_not_found"), await client.RefusedAsync(HttpMethod.Delete, $"{users}?username={Uri.EscapeDataString("a/b?c")}"));
    }

    [Fact]
    public async Task History_FiltersPagesAndExportsSafely()
    {
        using var client = await portal.NewDeveloperAsync();
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        for (var i = 1; i <= 5; i++)
        {
            await alice.SendChatAsync("bob", $"message {i}");
        }

        await bob.SendChatAsync("alice", "=HYPERLINK(\"http://evil\")");

        var page = await client.GetAsync($"projects/{project.Id}/history?from=alice&size=2&page=2");
        Assert.Equal(
            ["message 3", "message 2"], page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("data").GetString()));
        Assert.True(page.GetProperty("more").GetBoolean());
        var csv = Encoding.UTF8.GetString(await client.Http.GetByteArrayAsync($"projects/{project.Id}/history.csv"));
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil\"\")\"", csv, StringComparison.Ordinal);
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Get, $"projects/{project.Id}/history?start=2026-02-01&end=2026-01-01"));
    }

    [Fact]
    public async Task History_GroupsAndFiles_AreFilteredAndLinkedAndTheSameAsOverRest()
    {
        using var client = await portal.NewDeveloperAsync();
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.CreateUserAsync("bob");
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Book club", members = (string[])["bob"] }))
            .GetProperty("id").GetString()!;
        var bytes = "%PDF-1.7 and so on"u8.ToArray();
        var key = (await alice.SendFileAsync(group, "Chapter 1.pdf", bytes, contentType: "application/pdf")).GetProperty("key").GetString();
        await alice.PostJsonAsync("/api/v1/messages", new { to = "bob", data = "Read it", clientMessageId = "m1" });
        await alice.PostJsonAsync("/api/v1/messages", new { to = "bob", data = "no key", type = 7, clientMessageId = "m2" });

        var all = await RowsAsync("");
        var ofGroup = await RowsAsync("?group=Book%20club");

        Assert.Equal(["no key", "Read it", key], all.Select(row => Text(row, "data")));
        Assert.Equal(
            (await project.HistoryAsync()).Select(row => (row.From, row.To, row.Group, row.Data)),
            all.Select(row => (Text(row, "from"), Text(row, "to"), Text(row, "group"), Text(row, "data"))));
        Assert.Equal(["", "", "Chapter 1.pdf"], all.Select(row => Text(row, "file")));
        Assert.Equal((key, "Book club"), (Text(Assert.Single(ofGroup), "data"), Text(ofGroup[0], "group")));
        Assert.Equal([key], (await RowsAsync("?group=" + group)).Select(row => Text(row, "data")));
        Assert.Equal([key], (await RowsAsync($"?group=Book%20club&from=alice&to={group}")).Select(row => Text(row, "data")));
        Assert.Empty(await RowsAsync("?group=Book"));
        Assert.Empty(await RowsAsync("?group=Book%20club&from=bob"));

        // The address works without a session, like the addresses that the SDK gets, but only for members of the project.
        var member = await portal.App.Get<MemberStore>().FindAsync(
            project.Id, PortalKeys.Developer(client.Email), CancellationToken.None) ?? throw new InvalidOperationException();
        Assert.False(all[0].TryGetProperty("fileAddress", out _));
        using var redirect = await UploadClient.Storage.GetAsync(new Uri(portal.App.Address, Text(all[2], "fileAddress")));
        Assert.Equal(bytes, await UploadClient.Storage.GetByteArrayAsync(redirect.Headers.Location));
        await portal.App.Get<MemberStore>().RemoveAsync(project.Id, PortalKeys.Developer(client.Email), CancellationToken.None);
        using var former = await UploadClient.Storage.GetAsync(new Uri(portal.App.Address, Text(all[2], "fileAddress")));
        Assert.Equal(HttpStatusCode.NotFound, former.StatusCode);
        await portal.App.Get<MemberStore>().SetAsync(member, CancellationToken.None);
        var csv = await client.Http.GetStringAsync($"projects/{project.Id}/history.csv?group=Book%20club");
        Assert.Contains($"alice,{group},Book club,{key},Chapter 1.pdf,", csv, StringComparison.Ordinal);
        Assert.Equal(2, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);

        async Task<List<JsonElement>> RowsAsync(string query) =>
            [.. (await client.GetAsync($"projects/{project.Id}/history{query}")).GetProperty("rows").EnumerateArray()];

        static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("-5", "-5")]
    [InlineData("-5+cmd|' /C calc'!A0", "'-5+cmd|' /C calc'!A0")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1+1", "'  =1+1")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("+4412", "'+4412")]
    [InlineData("a,b", "\"a,b\"")]
    public void CsvField_ThatASpreadsheetWouldRun_IsText(string value, string field) => Assert.Equal(field, Csv.Field(value));
}
