using System.Net;
using System.Text;
using System.Text.Json;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;
using Vox.Portal.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class ManyUsersTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task List_TenThousandUsers_EachPageCostsAFewRequestsAtAnyDepth()
    {
        const int Count = 10_000;
        await using var app = await portal.StartAsync();
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);
        var table = await app.Get<StorageClients>().ProjectTable("users").ReadyAsync(project, CancellationToken.None);
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) =>
            await table.AddEntityAsync(
                new Azure.Data.Tables.TableEntity(ChatKeys.User(new(project, $"user{i:D5}")), ChatKeys.UserRow)
                {
                    ["Uid"] = "u" + i,
                    ["PasswordHash"] = "-",
                    ["CreatedAt"] = TimeProvider.System.GetUtcNow(),
                },
                token));
        var users = $"projects/{project}/users";
        // Each request needs the session, account, project and role. The last two are remembered.
        var (_, any) = await CountedAsync(app, client, users + "?size=50&search=nobody-of-this-name&after=zzz");

        foreach (var after in (string[])["", "user00049", "user04999", "user09899"])
        {
            var (page, cost) = await CountedAsync(app, client, $"{users}?size=50&after={after}");
            var names = page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("username").GetString()).ToList();
            var from = after.Length == 0 ? 0 : int.Parse(after[4..]) + 1;
            Assert.Equal(Enumerable.Range(from, 50).Select(i => $"user{i:D5}"), names);
            Assert.Equal($"user{from + 49:D5}", page.GetProperty("next").GetString());
            // The three further requests read the page's users, which of them are online, and when the others last were.
            Assert.True(cost <= any + 3, $"After “{after}”: {cost} requests; any request {any}.");
        }

        var (last, _) = await CountedAsync(app, client, users + "?size=200&after=user09799");
        Assert.Equal(200, last.GetProperty("users").GetArrayLength());
        Assert.False(last.TryGetProperty("next", out _));

        // A search walks through the users, a thousand per request, until its page is full.
        var (early, cheap) = await CountedAsync(app, client, users + "?size=50&search=ER00");
        Assert.Equal(50, early.GetProperty("users").GetArrayLength());
        Assert.True(cheap <= any + 4, $"Search: {cheap} requests.");
        var (rare, whole) = await CountedAsync(app, client, users + "?size=50&search=09876");
        Assert.Equal("user09876", Assert.Single(rare.GetProperty("users").EnumerateArray()).GetProperty("username").GetString());
        Assert.True(whole <= any + (Count / 1_000) + 4, $"Search through all: {whole} requests.");

        var before = app.Storage.Count;
        var csv = Encoding.UTF8.GetString(await client.Http.GetByteArrayAsync(users + ".csv"));
        Assert.Equal(Count + 2, csv.Split("\r\n").Length);
        Assert.True(app.Storage.Count - before <= any + (Count / 1_000) + 3, $"Export: {app.Storage.Count - before} requests.");
    }

    [Fact]
    public async Task Import_GoodAndBadRows_MakesTheGoodAndReportsTheOthersByLine()
    {
        using var client = await portal.NewDeveloperAsync();
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        await project.CreateUserAsync("anna", "of before");

        var report = await client.PostJsonAsync($"projects/{project.Id}/users/import", new
        {
            rows = new object?[]
            {
                Row(2, "ben", "secret word"), Row(3, "anna", "other word"), Row(4, "", "secret word"), Row(5, "carl", ""),
                Row(6, " dora", "secret word"),
                Row(7, new string('x', 129), "secret word"), Row(8, "ben", "secret word"), Row(9, "ben", "different"),
                Row(10, "=cmd|' /C calc'!A0", "secret word"),
                Row(11, "e\u0000e", "secret word"), Row(12, "Zoë", "秘密秘密秘密秘密"), Row(13, null, null), null,
            },
        });

        Assert.Equal((4, 1), (report.GetProperty("created").GetInt32(), report.GetProperty("present").GetInt32()));
        Assert.Equal(
            [
                (3, "user_exists"),
                (4, "missing_field"),
                (5, "missing_field"),
                (7, "too_long"),
                (9, "user_exists"),
                (11, "invalid_field"),
                (12, "missing_field"),
                (13, "missing_field")
            ],
            report.GetProperty("refused").EnumerateArray()
                .Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("code").GetString()!)));
        Assert.Equal(HttpStatusCode.OK, (await new TestUser(project, "ben", "secret word").PostLogInAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await new TestUser(project, "anna", "of before").PostLogInAsync()).StatusCode);
        var csv = Encoding.UTF8.GetString(await client.Http.GetByteArrayAsync($"projects/{project.Id}/users.csv"));
        Assert.StartsWith("\uFEFFUsername,Created (UTC),Status\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n'=cmd|' /C calc'!A0,", csv, StringComparison.Ordinal);
        var found = Encoding.UTF8.GetString(await client.Http.GetByteArrayAsync($"projects/{project.Id}/users.csv?search=BE"));
        Assert.Equal(3, found.Split("\r\n").Length);
        Assert.Contains("\r\nben,", found, StringComparison.Ordinal);
        Assert.Contains(
            (await client.GetAsync($"projects/{project.Id}/audit")).GetProperty("entries").EnumerateArray(),
            entry => entry.GetProperty("action").GetString() == "users.imported");
    }

    [Fact]
    public async Task Import_PortionSentAgain_MakesNothingTwiceAndRefusesNothing()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        var rows = Enumerable.Range(0, UserImport.MaxRows).Select(i => Row(i + 2, "user" + i, "secret word" + i)).ToList();
        // The answer of the first was lost, or the browser was closed in the middle of the file.
        await client.PostJsonAsync($"projects/{project}/users/import", new { rows = rows.Take(60) });

        var report = await client.PostJsonAsync($"projects/{project}/users/import", new { rows });

        Assert.Equal(
            (40, 60, 0),
            (
                report.GetProperty("created").GetInt32(),
                report.GetProperty("present").GetInt32(),
                report.GetProperty("refused").GetArrayLength()));
        Assert.Equal(100, (await client.GetAsync($"projects/{project}")).GetProperty("users").GetInt32());
    }

    [Fact]
    public async Task Import_CutOffInTheMiddle_IsInTheAuditLogWithThoseWhoWereCreated()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = await AccessTests.NewProjectAsync(client);
        var project = (await portal.App.Get<ProjectService>().FindAsync(id, CancellationToken.None))!;
        var developer = (await portal.App.Get<DeveloperStore>().FindByEmailAsync(client.Email, CancellationToken.None))!;
        var member = (await portal.App.Get<MemberStore>().FindAsync(id, developer.Id, CancellationToken.None))!;
        var caller = new ProjectCaller(new PortalCaller(developer, "", Vox.Platform.Limits.ClientAddress.Unknown), project, member);
        // As when the page is closed: the request is cancelled while its rows are worked on.
        using var closed = new CancellationTokenSource();
        var rows = Enumerable.Range(0, UserImport.MaxRows).Select(i => new ImportRow(i + 2, "user" + i, "secret word" + i)).ToList();
        var running = portal.App.Get<UserImport>().RunAsync(caller, new ImportRequest(rows), closed.Token);
        var created = 0;
        while (created == 0)
        {
            created = await portal.App.Get<UserStore>().CountAsync(id, CancellationToken.None);
        }

        await closed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        var entry = Assert.Single(
            (await client.GetAsync($"projects/{id}/audit")).GetProperty("entries").EnumerateArray(),
            entry => entry.GetProperty("action").GetString() == "users.imported");
        Assert.Matches(@"^\d+ users, lines 2 to 101$", entry.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Import_CharactersThatCouldNotBeRead_AreRefusedAndNotStored()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);

        var report = await client.PostJsonAsync(
            $"projects/{project}/users/import",
            new
            {
                rows = new[]
                {
                    Row(2, "M\uFFFDller", "long secret"), Row(3, "anna", "gr\uFFFDn and blue"), Row(4, "Müller", "grün und blau"),
                },
            });

        Assert.Equal(1, report.GetProperty("created").GetInt32());
        Assert.Equal(
            [(2, "invalid_field"), (3, "invalid_field")],
            report.GetProperty("refused").EnumerateArray()
                .Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("code").GetString()!)));
    }

    [Fact]
    public async Task Import_TooManyRowsOrNone_IsRefused()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        var import = $"projects/{project}/users/import";
        Assert.Equal((400, "missing_field"), await client.RefusedAsync(HttpMethod.Post, import, new { }));
        Assert.Equal((400, "missing_field"), await client.RefusedAsync(HttpMethod.Post, import, new { rows = Array.Empty<object>() }));
        Assert.Equal(
            (409, "limit_reached"),
            await client.RefusedAsync(
                HttpMethod.Post, import, new { rows = Enumerable.Range(0, 101).Select(i => Row(i, "u" + i, "secret word")) }));
        Assert.Equal(
            (413, "body_too_large"),
            await client.RefusedAsync(HttpMethod.Post, import, new { rows = new[] { Row(1, new string('x', 300_000), "secret word") } }));
        Assert.Equal(0, (await client.GetAsync($"projects/{project}")).GetProperty("users").GetInt32());
    }

    private static object Row(int line, string? username, string? password) => new { line, username, password };

    private static async Task<(JsonElement Answer, long Requests)> CountedAsync(VoxApp app, PortalClient client, string path)
    {
        var before = app.Storage.Count;
        var answer = await client.GetAsync(path);
        return (answer, app.Storage.Count - before);
    }
}
