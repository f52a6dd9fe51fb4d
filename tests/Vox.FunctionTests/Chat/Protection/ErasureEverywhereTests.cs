using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Exports;
using Vox.Chat.Protection;
using Vox.Chat.Requests;
using Vox.DevHost.DevTools;
using Vox.Tests.Devices;
using Vox.Tests.Fixture;
using Vox.Tests.Webhooks;

namespace Vox.Tests.Protection;

/// <summary>Erasure of what features beside the chat itself have stored of a user. <see cref="ErasureTests"/> has the rest.</summary>
public sealed class ErasureEverywhereTests(Backends backends)
{
    /// <summary>Tables that this test fills with something of the user.</summary>
    private static readonly string[] Here =
    [
        "apirequests", "audience", "conversations", "devices", "exports", "idempotency", "moderation", "people", "scheduled", "sessions",
        "users", "webhookevents",
    ];

    /// <summary>Tables that <see cref="ErasureTests"/> fills.</summary>
    private static readonly string[] There = ["audit", "chatlog", "contacts", "files", "presence", "recents", "userfiles"];

    /// <summary>
    /// Tables that have no login id, name or text of a user, at most uids and digests, or only for minutes. docs/privacy.md says what.
    /// </summary>
    private static readonly string[] Nothing =
    [
        "apikeys", "attempts", "changes", "deletions", "developers", "erasures", "filemeter", "groupwork", "idempotencydays", "issuers",
        "keys", "ledger", "logwriters", "mail", "media", "members", "moves", "payments", "portalsessions", "portaltokens", "projects",
        "pushkeys", "rates", "rowsweeps", "timerwork", "uploads", "usage", "webhooks",
    ];

    /// <summary>Tables of features that have an erasure test of their own. They may be switched off, or not be there yet.</summary>
    private static readonly string[] Own = ["searchbuilds", "searchindex"];

    /// <summary>A legal hold prevents an erasure, so the two never meet.</summary>
    private static readonly string[] Held = ["holds"];

    private readonly string mark = Guid.NewGuid().ToString("N")[..10];
    private readonly ShiftedTime clock = new();

    /// <summary>Whoever adds a table says here whether something of a user is in it, and then writes it in one of the tests.</summary>
    [Fact]
    public void Tables_OfTheApp_AreAllThoughtOf()
    {
        var all = JsonSerializer.Deserialize<JsonElement>(
            File.ReadAllText(Path.Combine(LocalPaths.Repository, "infra-bicep", "app.json"))).GetProperty("tables").EnumerateArray()
            .Select(table => table.GetString()!).ToList();
        Assert.True(all.Count > 40, "infra-bicep/app.json was not read.");
        string[] named = [.. Here, .. There, .. Nothing, .. Held];
        Assert.Empty(all.Except(named).Except(Own));
        Assert.Empty(named.Except(all));
    }

    [Fact]
    public async Task EraseUser_WhoUsedEveryFeature_NothingIsFoundInAnyTableOrContainer()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var project = await app.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        var (login, text) = ($"zoe-{mark}", $"text-{mark}");
        string[] needles = [login, text, $"token-{mark}", $"push-{mark}"];
        foreach (var name in new[] { "bob", "cat", login })
        {
            await project.CreateUserAsync(name);
        }

        var bob = await new TestUser(project, "bob", "secret").LogInAsync();
        var zoe = await new TestUser(project, login, "secret").LogInAsync();
        await ServerWritesAsync(server, receiver, login, text);
        await UsersWriteAsync(zoe, bob, text);
        await app.SettleAsync(project.Id);
        await NotesAreWrittenAsync(app, server, zoe, text);
        await ExportAsync(app, project, login);

        var places = await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, needles);
        Assert.Empty(Here.Except(places.Select(Table)));
        Assert.Contains("container exports", places.Select(place => place.Split(':')[0]));
        foreach (var needle in needles)
        {
            Assert.Contains(places, place => place.EndsWith(needle, StringComparison.Ordinal));
        }

        await EraseAsync(app, project, login);

        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, needles));
    }

    private static string Table(string place) =>
        place.StartsWith("table ", StringComparison.Ordinal) ? place.Split(':')[0]["table ".Length..] : "";

    private static async Task ServerWritesAsync(TestServer server, Receiver receiver, string login, string text)
    {
        await server.SendAsync(
            HttpMethod.Patch, "users/" + Uri.EscapeDataString(login), new { displayName = text, custom = new { note = text } }).JsonAsync();
        await server.PostJsonAsync("webhooks", new { url = receiver.Address, events = new[] { "message.sent" }, description = "A test" });
        await server.PostJsonAsync("messages", new { from = login, to = "bob", data = text });

        // The answer is kept for its key.
        await server.PostJsonAsync("users", new { users = new[] { new { id = login, displayName = text } } }, "key-" + login);
        var group = (await server.PostJsonAsync("groups", new { id = "club", name = "Club", owner = "cat", members = new[] { login } }))
            .GetProperty("id").GetString()!;
        await server.PostJsonAsync($"groups/{group}/bans", new { userId = login, reason = text });
    }

    private async Task UsersWriteAsync(TestSession zoe, TestSession bob, string text)
    {
        var at = clock.GetUtcNow().AddDays(2).ToUnixTimeMilliseconds();
        await zoe.PostJsonAsync("/api/v1/scheduled", new { to = "bob", data = text, sendAt = at, custom = new { note = text } });
        await bob.PostJsonAsync("/api/v1/scheduled", new { to = zoe.LoginId, data = "for later", sendAt = at });
        await zoe.RegisterFcmAsync($"token-{mark}");
        await zoe.PostJsonAsync("/api/v1/devices", new
        {
            kind = "web",
            subscription = TestDevices.Subscription($"https://push.example.com/push-{mark}", out _, out _),
            language = "de",
        });
        await bob.PostJsonAsync("/api/v1/groups", new { name = "News", broadcast = true, members = new[] { zoe.LoginId, "cat" } });
        var own = (await zoe.PostJsonAsync("/api/v1/groups", new { name = text, broadcast = true, members = Array.Empty<string>() }))
            .GetProperty("id").GetString()!;
        await zoe.SendMessageAsync(own, text);
    }

    private static async Task NotesAreWrittenAsync(VoxApp app, TestServer server, TestSession zoe, string text)
    {
        await zoe.PostAsync("/api/v1/messages", new { to = "nobody", data = text }).ProblemAsync("recipient_not_found", "to");
        await app.Get<RequestLog>().DrainAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await server.GetJsonAsync("webhook-deliveries?state=delivered")).GetProperty("deliveries").GetArrayLength() == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        // Whoever is muted could not have written.
        await server.PostJsonAsync("moderation/mutes", new { userId = zoe.LoginId, reason = text });
    }

    private static async Task ExportAsync(VoxApp app, TestProject project, string login)
    {
        await app.Http.PostAsync("/api/data/exports", Keys(project, ("username", login))).JsonAsync();
        await app.Get<ExportWork>().RunAsync(CancellationToken.None);
    }

    private async Task EraseAsync(VoxApp app, TestProject project, string login)
    {
        var asked = await app.Http.PostAsync("/api/data/erasures", Keys(project, ("username", login))).JsonAsync();
        for (var round = 0; round < 3; round++)
        {
            await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
            clock.Advance(ErasureWork.UntilSweep);
        }

        var proof = await app.Http.GetAsync(
            $"/api/data/erasures/{asked.GetProperty("id").GetString()}?projectid={project.Id}&authtoken={project.Token}").JsonAsync();
        Assert.Equal("done", proof.GetProperty("state").GetString());
    }

    private static FormUrlEncodedContent Keys(TestProject project, params (string Name, string Value)[] fields) => new(
        [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);

    private Task<VoxApp> StartAsync() => VoxApp.StartAsync(
        backends,
        ["Outbound:AllowLoopback=true", "Webhooks:RetrySeconds=0", "Requests:KeptPerMinute=1000", "Projects:CacheSeconds=1"],
        builder => builder.Services.AddSingleton<TimeProvider>(clock));
}
