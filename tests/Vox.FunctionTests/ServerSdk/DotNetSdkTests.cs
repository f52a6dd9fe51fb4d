using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vox.Server;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerSdk;

/// <summary>The SDK for .NET against the real app.</summary>
public sealed class DotNetSdkTests(Backends backends)
{
    [Fact]
    public async Task Users_FromUpsertToDeletion_AreWhatTheServerHas()
    {
        var vox = await NewAsync();
        using var custom = JsonDocument.Parse("""{"plan":"pro"}""");

        var done = await vox.Users.UpsertAsync([new() { Id = "alice", DisplayName = "Alice", Custom = custom.RootElement },
            new() { Id = "a/b ü" }]);
        var alice = await vox.Users.GetAsync("alice");
        var changed = await vox.Users.ChangeAsync("alice", new() { Status = "Here" }, alice.Etag);
        var stale = await Assert.ThrowsAsync<VoxApiException>(() => vox.Users.ChangeAsync("alice", new() { Status = "x" }, alice.Etag));

        Assert.Equal(["alice", "a/b ü"], done.Created);
        Assert.Equal(("Alice", "Here", "pro"), (changed.DisplayName, changed.Status, changed.Custom!.Value.GetProperty("plan")
            .GetString()));
        Assert.Equal(("precondition_failed", HttpStatusCode.PreconditionFailed, "If-Match"), (stale.Code, stale.Status, stale.Field));
        Assert.Equal("a/b ü", (await vox.Users.GetAsync("a/b ü")).Id);
        Assert.Equal(["alice"], await vox.Users.ListAsync("al").Select(user => user.Id).ToListAsync());
        Assert.True((await vox.Users.DisableAsync("alice")).Disabled);
        Assert.False((await vox.Users.EnableAsync("alice")).Disabled);
        Assert.False(Assert.Single(await vox.Users.PresenceAsync(["alice", "nobody"])).Online);
        Assert.Empty(await vox.Users.SessionsAsync("alice"));
        await vox.Users.DeleteAsync("alice");
        Assert.Equal("user_not_found", (await Assert.ThrowsAsync<VoxApiException>(() => vox.Users.GetAsync("alice"))).Code);
    }

    [Fact]
    public async Task GroupsMessagesTokensAndModeration_Work()
    {
        var vox = await NewAsync();
        await vox.Users.UpsertAsync([new() { Id = "alice" }, new() { Id = "bob" }, new() { Id = "carol" }]);

        var group = await vox.Groups.CreateAsync(new() { Id = "team", Name = "Team", Owner = "alice", Members = ["bob"] });
        var added = await vox.Groups.AddMembersAsync("team", ["carol", "nobody"]);
        await vox.Groups.SetAdminAsync("team", "bob", admin: true);
        var frozen = await vox.Groups.ChangeAsync("team", new() { Frozen = true }, (await vox.Groups.GetAsync("team")).Etag);
        await vox.Messages.SendSystemAsync("team", "Hello");
        var sent = await vox.Messages.SendAsync("alice", "bob", "Hi", idempotencyKey: "once");
        var again = await vox.Messages.SendAsync("alice", "bob", "Hi", idempotencyKey: "once");
        var token = await vox.Tokens.CreateAsync("dave", new() { Lifetime = TimeSpan.FromMinutes(5), CreateUser = true });
        await vox.Moderation.MuteAsync("carol", reason: "Loud");
        await vox.Moderation.BanFromGroupAsync("team", "carol", TimeProvider.System.GetUtcNow().AddHours(1));

        Assert.Equal("nobody", Assert.Single(added.Refused).Id);
        Assert.True(frozen.Frozen);
        Assert.Equal(sent, again);
        Assert.Equal(("Hello", "", true), await vox.Messages.ListOfGroupAsync("team").Select(m => (m.Data, m.From, m.System))
            .SingleAsync());
        Assert.Equal("Hi", await vox.Messages.ListAsync("bob", "alice").Select(m => m.Data).SingleAsync());
        Assert.Equal(("dave", true), (token.UserId, token.Token.Length > 20));
        Assert.Equal("Loud", await vox.Moderation.MutesAsync().Select(user => user.Reason).SingleAsync());
        Assert.Equal("carol", await vox.Moderation.GroupBansAsync("team").Select(user => user.UserId).SingleAsync());
        Assert.Equal(["alice owner", "bob admin"], await vox.Groups.MembersAsync("team").Select(m => $"{m.Id} {m.Role}").ToListAsync());
        Assert.Equal([group.Conversation], await vox.Groups.ListAsync("bob").Select(one => one.Conversation).ToListAsync());
        await vox.Tokens.RevokeAsync("dave");
        await vox.Moderation.UnmuteAsync("carol");
        await vox.Moderation.UnbanFromGroupAsync("team", "carol");
        await vox.Groups.RemoveMembersAsync("team", ["bob"]);
        await vox.Groups.DeleteAsync("team");
    }

    [Fact]
    public async Task Post_AnswersGetLost_IsRepeatedWithTheSameKeyAndDoneOnce()
    {
        var server = await SdkProgram.ServerAsync(backends, "alice", "bob");
        var keys = new List<string>();
        var lossy = new Handler(async (request, send) =>
        {
            if (request.Method != HttpMethod.Post)
            {
                return await send();
            }

            keys.Add(request.Headers.GetValues("Idempotency-Key").Single());
            var answer = await send();
            if (keys.Count > 2)
            {
                return answer;
            }

            answer.Dispose();
            throw new HttpRequestException("The answer was lost.");
        });
        var vox = new VoxClient(new HttpClient(lossy), Options(server));

        await vox.Messages.SendAsync("alice", "bob", "Once");

        Assert.Equal((3, 1), (keys.Count, keys.Distinct(StringComparer.Ordinal).Count()));
        Assert.Equal(1, await vox.Messages.ListAsync("alice", "bob").CountAsync());
    }

    [Fact]
    public async Task Get_ServerIsBusy_WaitsAsLongAsItAsksForAndNoLongerThanTheLimit()
    {
        var server = await SdkProgram.ServerAsync(backends, "alice");
        var calls = 0;
        var busy = new Handler(async (_, send) =>
        {
            if (++calls <= 2)
            {
                var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
                answer.Headers.RetryAfter = new(TimeSpan.FromHours(1));
                return answer;
            }

            return await send();
        });
        var options = Options(server);
        options.MaxRetryDelay = TimeSpan.FromMilliseconds(10);

        Assert.Equal("alice", (await new VoxClient(new HttpClient(busy), options).Users.GetAsync("alice")).Id);
        Assert.Equal(3, calls);
        calls = -10;
        await Assert.ThrowsAsync<VoxApiException>(() => new VoxClient(new HttpClient(busy), options).Users.GetAsync("alice"));
    }

    [Fact]
    public async Task AddVox_MakesTheClientWithTheFactory()
    {
        var server = await SdkProgram.ServerAsync(backends, "alice");
        var services = new ServiceCollection();
        services.AddVox(options => (options.Address, options.ApiKey) = (server.App.Address, server.Key));
        await using var provider = services.BuildServiceProvider();

        Assert.Equal("alice", (await provider.GetRequiredService<VoxClient>().Users.GetAsync("alice")).Id);
    }

    [Fact]
    public void Webhook_SignedByThePublicLibrary_IsReadAndAnythingElseIsNot()
    {
        const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var now = TimeProvider.System.GetUtcNow();
        var body = """{"type":"message.sent","timestamp":"2026-11-30T09:00:00Z","data":{"text":"ü"}}""";
        var time = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var signature = new StandardWebhooks.StandardWebhook(Secret).Sign("msg_1", now, body);
        var bytes = Encoding.UTF8.GetBytes(body);

        var read = VoxWebhooks.Read(["whsec_AAAA", Secret], "msg_1", time, "v1,AAAA " + signature, bytes);

        Assert.Equal(("msg_1", "message.sent", "ü"), (read.Id, read.Type, read.Data.GetProperty("text").GetString()));
        Refused(["whsec_AAAA"], "msg_1", time, signature, bytes);
        Refused([Secret], "msg_2", time, signature, bytes);
        Refused([Secret], "msg_1", time, signature, [.. bytes, (byte)' ']);
        Refused([Secret], "msg_1", time, "v1,AAAA", bytes);
        Refused([Secret], null, time, signature, bytes);
        Refused([Secret], "msg_1", "yesterday", signature, bytes);
        Assert.Throws<VoxWebhookException>(() => VoxWebhooks.Read([Secret], "msg_1", time, signature, bytes, now.AddMinutes(5.1)));
        Assert.Throws<VoxWebhookException>(() => VoxWebhooks.Read([Secret], "msg_1", time, signature, bytes, now.AddMinutes(-5.1)));

        static void Refused(string[] secrets, string? id, string time, string signature, byte[] body) =>
            Assert.Throws<VoxWebhookException>(() => VoxWebhooks.Read(secrets, id, time, signature, body));
    }

    private async Task<VoxClient> NewAsync() => new(new HttpClient(), Options(await SdkProgram.ServerAsync(backends)));

    private static VoxOptions Options(TestServer server) => new() { Address = server.App.Address, ApiKey = server.Key };

    /// <summary>Something between the SDK and the app.</summary>
    private sealed class Handler(Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> act)
        : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            act(request, () => base.SendAsync(request, cancellationToken));
    }
}
