using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Realtime;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>Events that claim to come from the SignalR service: forged, twice, in the wrong order.</summary>
public sealed class UpstreamTests(Backends backends)
{
    private const string Code = "local-signalr-key";

    [Theory]
    [InlineData(null, "right", 401)]
    [InlineData("wrong", "right", 401)]
    [InlineData(Code, null, 401)]
    [InlineData(Code, "", 401)]
    [InlineData(Code, "sha256=00", 401)]
    [InlineData(Code, "of another connection", 401)]
    [InlineData(Code, "by another key", 401)]
    [InlineData(Code, "right", 200)]
    [Promise("VOX-P3")]
    public async Task Event_CodeOrSignatureMissingOrWrong_IsRefusedAndChangesNothing(string? code, string? signature, int status)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var forged = signature switch
        {
            "right" => Sign("c1", SignalREmulatorOptions.DevelopmentKey),
            "of another connection" => Sign("c2", SignalREmulatorOptions.DevelopmentKey),
            "by another key" => Sign("c1", new string('k', 44)),
            var other => other,
        };

        Assert.Equal(status, await PostAsync(project, "alice", "c1", "connected", code, forged));

        Assert.Equal(status == 200, await IsOnlineAsync(backends.App, project, "alice"));
    }

    [Fact]
    [Promise("VOX-P1")]
    public async Task Events_TwiceAndInAnyOrder_EndWithWhoIsConnectedOnline()
    {
        var random = TestRun.Random();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, clock, "Presence:LeaseSeconds=60");
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        for (var round = 0; round < (TestRun.IsLong ? 200 : 10); round++)
        {
            // All connections began, and most of them ended. The service may repeat, reorder and lose events.
            var connections = Enumerable.Range(0, random.Next(1, 5)).Select(n => (Id: $"r{round}-c{n}", Ended: random.OneIn(2))).ToList();
            var events = connections.SelectMany(
                c => c.Ended ? new[] { (c.Id, "connected"), (c.Id, "disconnected") } : [(c.Id, "connected")])
                .SelectMany(e => Enumerable.Repeat(e, random.Next(0, 3))).OrderBy(_ => random.Next(0, 1_000_000)).ToList();
            await Task.WhenAll(events.Select(e => SignedAsync(app, project, "alice", e.Id, e.Item2)));

            // Clients that are connected send signs of life, and the others do not. After a lease nothing else counts.
            clock.Advance(TimeSpan.FromSeconds(61));
            foreach (var (id, _) in connections.Where(c => !c.Ended))
            {
                await app.Get<PresenceService>().RenewAsync(new(project.Id, "alice"), id, CancellationToken.None);
            }

            await app.Get<PresenceService>().ExpireAsync(CancellationToken.None);
            Assert.Equal(connections.Exists(c => !c.Ended), await IsOnlineAsync(app, project, "alice"));
            clock.Advance(TimeSpan.FromSeconds(61));
            await app.Get<PresenceService>().ExpireAsync(CancellationToken.None);
            Assert.False(await IsOnlineAsync(app, project, "alice"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("nobody")]
    [InlineData("pid_0:a")]
    [InlineData("x' or PartitionKey ne '")]
    [InlineData("pid_00000000_0000_0000_0000_000000000000:aalice")]
    public async Task Event_OfAUserThatIsNone_IsTakenAndChangesNothing(string userId)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");

        Assert.Contains(
            await PostAsync(project, "alice", "c1", "connected", Code, Sign("c1", SignalREmulatorOptions.DevelopmentKey), userId),
            new[] { 200, 403 });

        Assert.False(await IsOnlineAsync(backends.App, project, "alice"));
    }

    private static Task<int> SignedAsync(VoxApp app, TestProject project, string loginId, string connection, string name) =>
        PostAsync(project, loginId, connection, name, Code, Sign(connection, SignalREmulatorOptions.DevelopmentKey), app: app);

    private static async Task<int> PostAsync(
        TestProject project, string loginId, string connection, string name, string? code, string? signature, string? userId = null,
        VoxApp? app = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/runtime/webhooks/signalr" + (code is null ? "" : "?code=" + code))
        {
            Content = new StringContent(
                JsonSerializer.Serialize(new { type = name == "connected" ? 10 : 11 }), new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("X-ASRS-Connection-Id", connection);
        request.Headers.Add("X-ASRS-Hub", RealtimeOptions.Hub);
        request.Headers.Add("X-ASRS-Category", "connections");
        request.Headers.Add("X-ASRS-Event", name);
        request.Headers.TryAddWithoutValidation("X-ASRS-User-Id", userId ?? RealtimeUser.IdOf(new(project.Id, loginId)));
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("X-ASRS-Signature", signature);
        }

        using var response = await (app ?? project.App).Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static string Sign(string connection, string key) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(connection)));

    private static Task<bool> IsOnlineAsync(VoxApp app, TestProject project, string loginId) =>
        app.Get<PresenceStore>().IsOnlineAsync(new(project.Id, loginId), CancellationToken.None);
}
