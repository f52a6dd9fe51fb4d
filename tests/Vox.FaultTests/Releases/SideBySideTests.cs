using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Vox.Chat.Projects;
using Vox.Platform.RowVersions;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Releases;

/// <summary>The previous release and this one, in two processes on the same tables: as during a rollout, and after a rollback.</summary>
public sealed class SideBySideTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task PreviousRelease_BesideThisOneOnTheSameTables_ServesTheSameProjectsUsersAndConversations()
    {
        var assembly = await PreviousRelease.BuildAsync();
        await using var now = await portal.StartAsync();
        await using var before = await VoxProcess.StartOfAsync(assembly, backends, now.TablePrefix);
        using var owner = await portal.NewDeveloperAsync(now);

        // A project that the previous release makes, in the portal session of this one.
        var keys = await PortalAsync(before, owner, HttpMethod.Post, "projects", new { name = "Made before" });
        var project = new TestProject(now, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        Assert.Equal("Made before", (await owner.GetAsync("projects/" + project.Id)).GetProperty("name").GetString());

        // Users that each of them makes, sessions of one at the other.
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await CallAsync(
            before.Http, "/api/user", null,
            new { projectid = project.Id, authtoken = project.Token, username = "bob", password = "secret" });
        var atBefore = await CallAsync(
            before.Http, "/api/v1/sessions", null,
            new { projectId = project.Id, loginId = "bob", password = "secret", deviceKey = "key-of-bobs-device-1" });
        var bob = TestSession.Of(now, await CallAsync(
            now.Http, "/api/v1/sessions/refresh", null,
            new { refreshToken = atBefore.GetProperty("refreshToken").GetString(), deviceKey = "key-of-bobs-device-1" }));
        await CallAsync(
            before.Http, "/api/v1/sessions/refresh", null, new { refreshToken = alice.RefreshToken, deviceKey = alice.DeviceKey });

        // One conversation and one group through both, in turn and at once.
        var created = await bob.PostJsonAsync("/api/v1/groups", new { name = "Both", members = new[] { "alice" } });
        var group = created.GetProperty("id").GetString()!;
        for (var n = 0; n < 10; n++)
        {
            await Task.WhenAll(
                CallAsync(now.Http, "/api/v1/messages", alice.AccessToken, new { to = "bob", data = $"now {n}" }),
                CallAsync(before.Http, "/api/v1/messages", bob.AccessToken, new { to = "alice", data = $"before {n}" }));
            await CallAsync(before.Http, "/api/v1/messages", alice.AccessToken, new { to = group, data = $"before {n}" });
            await CallAsync(now.Http, "/api/v1/messages", bob.AccessToken, new { to = group, data = $"now {n}" });
        }

        foreach (var query in (string[])["with=bob", "conversation=" + group])
        {
            var (here, there) = (await MessagesAsync(now.Http, alice, query), await MessagesAsync(before.Http, alice, query));
            Assert.Equal(here, there);
            var (sequences, texts) = (here.Select(m => m.Sequence).Order().ToList(), here.Select(m => m.Text).ToList());
            Assert.Equal(Enumerable.Range((int)sequences[0], sequences.Count).Select(n => (long)n), sequences);
            Assert.All(Enumerable.Range(0, 10), n => Assert.Contains($"now {n}", texts));
            Assert.All(Enumerable.Range(0, 10), n => Assert.Contains($"before {n}", texts));
        }

        // Rows that this release has brought to its shape, the previous one reads and writes; and this one reads what that made of them.
        await now.Get<RowSweep>().RunAsync(CancellationToken.None);
        Assert.Equal(ProjectStore.Schema.Version, RowSchema.VersionOf(await RowAsync(now, project.Id)));
        await PortalAsync(before, owner, HttpMethod.Put, $"projects/{project.Id}/name", new { name = "Renamed before" });
        Assert.Equal("Renamed before", (await owner.GetAsync("projects/" + project.Id)).GetProperty("name").GetString());
        await owner.DoAsync(HttpMethod.Put, $"projects/{project.Id}/name", new { name = "Renamed now" });
        var seen = await PortalAsync(before, owner, HttpMethod.Get, "projects/" + project.Id);
        Assert.Equal("Renamed now", seen.GetProperty("name").GetString());

        // The end of the rollout: the previous release dies in the middle of it, and nothing is missing.
        await before.KillAsync();
        var last = await alice.SendMessageAsync("bob", "after");
        Assert.Equal(21, last.GetProperty("sequence").GetInt64());
    }

    private static async Task<List<(long Sequence, string Text)>> MessagesAsync(HttpClient http, TestSession session, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/messages?" + query);
        request.Headers.Authorization = new("Bearer", session.AccessToken);
        var answer = await ReadAsync(await http.SendAsync(request));
        return [.. answer.GetProperty("messages").EnumerateArray()
            .Select(m => (m.GetProperty("sequence").GetInt64(), m.TryGetProperty("data", out var data) ? data.GetString()! : ""))];
    }

    private static async Task<JsonElement> CallAsync(HttpClient http, string path, string? token, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return await ReadAsync(await http.SendAsync(request));
    }

    private static async Task<JsonElement> PortalAsync(
        VoxProcess process, PortalClient developer, HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(method, new Uri(process.Address, "/api/portal/v1/" + path))
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.Add("Cookie", developer.Cookies.GetCookieHeader(developer.Http.BaseAddress!));
        request.Headers.Add("X-CSRF-Token", developer.CsrfToken);
        return await ReadAsync(await http.SendAsync(request));
    }

    /// <summary>Expects success.</summary>
    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {text}");
            return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        }
    }

    private static async Task<TableEntity> RowAsync(VoxApp app, string projectId) =>
        await app.Get<StorageClients>().TablesOfEach[0].GetTableClient(app.TablePrefix + "projects")
            .GetEntityAsync<TableEntity>(projectId, Keys.ProjectRow);
}
