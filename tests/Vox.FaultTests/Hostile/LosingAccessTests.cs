using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Hostile;

/// <summary>
/// Users who lose the right to be there while they do all that they can, on two processes at once. What they got in the last moment must be
/// worth nothing.
/// </summary>
public sealed class LosingAccessTests(Backends backends) : IAsyncLifetime
{
    private const string Password = "the first secret";
    private const int Workers = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Settings = ["Sessions:CacheSeconds=1"];

    private OwnSignalR signalR = null!;
    private VoxApp one = null!;
    private VoxProcess two = null!;

    public enum Change
    {
        Deleted,
        Disabled,
        PasswordReset,
    }

    public async ValueTask InitializeAsync()
    {
        signalR = await OwnSignalR.StartAsync();
        one = await VoxApp.StartAsync(backends, [.. Settings, signalR.Setting]);
        two = await VoxProcess.StartAsync(backends, one.TablePrefix, [.. Settings, signalR.Setting]);
        signalR.ReportTo(one);
    }

    public async ValueTask DisposeAsync()
    {
        await two.DisposeAsync();
        await one.DisposeAsync();
        await signalR.DisposeAsync();
    }

    [Theory]
    [InlineData(Change.Deleted)]
    [InlineData(Change.Disabled)]
    [InlineData(Change.PasswordReset)]
    [Promise("VOX-H2")]
    public async Task Change_WhileTheUserIsBusyOnTwoProcesses_LeavesThemNothing(Change change)
    {
        var project = await one.CreateProjectAsync();
        await project.CreateUserAsync("bob");
        for (var round = 0; round < (TestRun.IsLong ? 50 : 3); round++)
        {
            var alice = await project.CreateUserAsync($"alice{round}", Password);
            var identity = (await one.Get<UserStore>().FindAsync(new(project.Id, alice.LoginId), CancellationToken.None))!.Identity;
            await using var open = await (await alice.LogInAsync()).ConnectAsync();
            var kept = new ConcurrentBag<Kept>();
            var workers = Enumerable.Range(0, Workers)
                .Select(n => Task.Run(() => WorkAsync(n % 2 == 0 ? one.Http : two.Http, alice, kept))).ToList();
            while (kept.Count < 2 * Workers)
            {
                Assert.Contains(workers, worker => !worker.IsCompleted);
                await Task.Delay(10);
            }

            await ApplyAsync(change, alice);
            await Task.WhenAll(workers).WaitAsync(Patience);

            Assert.Empty(await one.Get<SessionStore>().ListAsync(identity, CancellationToken.None));
            await open.ClosedAsync();
            await NoneIsGoodAsync(kept);
            foreach (var channel in kept.Select(k => k.Channel).OfType<JsonElement>())
            {
                await AssertRefusedAsync(channel);
            }

            if (change == Change.Deleted)
            {
                await AssertFreshAsync(await (await project.CreateUserAsync(alice.LoginId, Password)).LogInAsync());
            }
        }
    }

    /// <summary>Logs in until that is refused, and writes and connects with each session.</summary>
    private static async Task WorkAsync(HttpClient door, TestUser user, ConcurrentBag<Kept> kept)
    {
        for (var n = 0; ; n++)
        {
            var session = await CallAsync(
                door, HttpMethod.Post, "/api/v1/sessions", null,
                new { projectId = user.Project.Id, loginId = user.LoginId, password = Password });
            if (session is not { } json)
            {
                return;
            }

            var token = Text(json, "accessToken");
            var u = Uri.EscapeDataString(Text(json, "realtimeUser"));
            var channel = await CallAsync(door, HttpMethod.Post, $"/api/v1/realtime/negotiate?u={u}", token, new { });
            kept.Add(new Kept(token, Text(json, "refreshToken"), channel));
            await CallAsync(door, HttpMethod.Put, "/api/v1/profile", token, new { displayName = "Old", status = $"{n}" });
            await CallAsync(door, HttpMethod.Post, "/api/v1/contacts", token, new { id = "bob" });
            await CallAsync(door, HttpMethod.Post, "/api/v1/blocks", token, new { id = "bob" });
            await CallAsync(door, HttpMethod.Delete, "/api/v1/blocks?id=bob", token, null);
            await CallAsync(door, HttpMethod.Post, "/api/v1/messages", token, new { to = "bob", data = $"text {n}" });
            if (await CallAsync(door, HttpMethod.Post, "/api/v1/sessions/refresh", null, new { refreshToken = Text(json, "refreshToken") })
                is { } renewed)
            {
                kept.Add(new Kept(Text(renewed, "accessToken"), Text(renewed, "refreshToken"), null));
            }
        }
    }

    private async Task ApplyAsync(Change change, TestUser alice)
    {
        if (change == Change.Deleted)
        {
            using var deleted = await two.Http.DeleteAsync(
                $"/api/user?projectid={alice.Project.Id}&authtoken={alice.Project.Token}&username={alice.LoginId}");
            Assert.True(deleted.IsSuccessStatusCode);
            return;
        }

        var changed = await one.Get<UserService>().ChangeAsync(
            await alice.Project.ReadAsync(), alice.LoginId, change == Change.PasswordReset ? "another secret" : null,
            change == Change.Disabled ? true : null, CancellationToken.None);
        await one.Get<SessionEnding>().EndAllAsync(changed.Identity, CancellationToken.None);
    }

    /// <summary>Both processes refuse all that was kept, at the latest when they have forgotten the sessions.</summary>
    private async Task NoneIsGoodAsync(ConcurrentBag<Kept> kept)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await IsAnyGoodAsync(kept))
        {
            await Task.Delay(50, limit.Token);
        }

        foreach (var session in kept)
        {
            foreach (var door in new[] { one.Http, two.Http })
            {
                Assert.Null(await CallAsync(
                    door, HttpMethod.Post, "/api/v1/sessions/refresh", null, new { refreshToken = session.RefreshToken }));
            }
        }
    }

    private async Task<bool> IsAnyGoodAsync(ConcurrentBag<Kept> kept)
    {
        foreach (var session in kept)
        {
            foreach (var door in new[] { one.Http, two.Http })
            {
                if (await CallAsync(door, HttpMethod.Get, "/api/v1/profile", session.AccessToken, null) is not null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static async Task AssertFreshAsync(TestSession young)
    {
        Assert.Equal("", (await young.GetJsonAsync("/api/v1/profile")).GetProperty("displayName").GetString());
        Assert.Empty((await young.GetJsonAsync("/api/v1/contacts")).GetProperty("contacts").EnumerateArray());
        Assert.Empty((await young.GetJsonAsync("/api/v1/blocks")).GetProperty("ids").EnumerateArray());
        Assert.Equal(0, (await young.GetJsonAsync("/api/v1/conversations")).GetProperty("total").GetInt32());
        Assert.Empty((await young.PostJsonAsync("/api/v1/sync", new { })).GetProperty("conversations").EnumerateArray());
    }

    private static async Task AssertRefusedAsync(JsonElement channel)
    {
        await using var connection = new HubConnectionBuilder()
            .WithUrl(
                Text(channel, "url"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(Text(channel, "accessToken")))
            .Build();
        await Assert.ThrowsAnyAsync<Exception>(() => connection.StartAsync());
    }

    /// <returns>Null when it was refused.</returns>
    private static async Task<JsonElement?> CallAsync(HttpClient door, HttpMethod method, string path, string? token, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await door.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(text.Length == 0 ? "{}" : text) : null;
    }

    private static string Text(JsonElement json, string property) => json.GetProperty(property).GetString()!;

    private sealed record Kept(string AccessToken, string RefreshToken, JsonElement? Channel);
}
