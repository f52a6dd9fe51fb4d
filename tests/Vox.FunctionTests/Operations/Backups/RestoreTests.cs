using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Operations.Backups;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Backups;

public sealed class RestoreTests(Backends backends, SecondAccount second) : IClassFixture<SecondAccount>
{
    [Fact]
    [Promise("VOX-R7")]
    public async Task Restore_OfABackupMadeByTwoInstancesUnderLoad_HasAllThatWasBackedUpAndTheSameLog()
    {
        var world = new BackupWorld(backends, second);
        await using var one = await world.StartAsync();
        await using var two = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, one, "alice", "bob", "carol");
        var project = users.Project;
        var group = await users.CreateGroupAsync("alice", "bob", "carol");
        var (acknowledged, texts) = (new ConcurrentDictionary<string, Sent>(), new ConcurrentDictionary<string, string>());
        using var stop = new CancellationTokenSource();
        (string From, string To)[] pairs = [("alice", "bob"), ("bob", "alice"), ("carol", "alice"), ("carol", group), ("bob", group)];
        var load = pairs.Select((pair, sender) => Task.Run(async () =>
        {
            var wire = new Wire(users[pair.From].AccessToken);
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var id = $"s{sender}-{n}";
                texts[id] = $"text of {id}";
                if (await wire.SendAsync(n % 2 == 0 ? one.Http : two.Http, pair.To, texts[id], id) is { } sent)
                {
                    acknowledged[id] = sent;
                }
            }
        })).ToArray();

        // Both instances export at once, as happens when the platform runs a timer twice. Nobody stops sending meanwhile.
        HashSet<string> certain = [];
        for (var round = 0; round < 3; round++)
        {
            while (acknowledged.Count < (round + 1) * 100)
            {
                await Task.Delay(1);
            }

            certain = [.. acknowledged.Keys];
            await world.ExportAsync(one, two);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        var state = await world.RestoreAsync();

        Assert.Equal(0, state.GetProperty("missing").GetInt64());
        await using var restored = await world.StartRestoredAsync();
        var all = new List<(ConversationKey Key, Message Message)>();
        foreach (var conversation in acknowledged.Values.Select(sent => sent.Conversation).Distinct())
        {
            ConversationKey key = new(project.Id, conversation);
            all.AddRange((await restored.ReadConversationAsync(key)).Select(message => (key, message)));
        }

        var found = all.ToDictionary(item => item.Message.Id, item => (item.Key.Id, item.Message.Sequence, item.Message.Draft.Data));
        Assert.All(certain, id => Assert.Equal((acknowledged[id].Conversation, acknowledged[id].Sequence, texts[id]), found[id]));
        await restored.AssertLogIsAsync(project.Id, all);
        var log = await restored.ReadLogAsync(project.Id);
        Assert.Equal(log.Select(entry => entry.LoggedAt), all.Select(item => item.Message.SentAt).Order());

        // Everybody goes on, also with a message that was sent again because nobody knew of its fate.
        foreach (var to in new[] { "bob", group })
        {
            var sent = await new Wire(users["alice"].AccessToken).SendAsync(restored.Http, to, "after", "after-" + to);
            Assert.Equal(all.Count(item => item.Key.Id == sent!.Conversation) + 1, sent!.Sequence);
        }

        var known = certain.First(id => id.StartsWith("s0", StringComparison.Ordinal));
        var again = await new Wire(users["alice"].AccessToken).SendAsync(restored.Http, "bob", texts[known], known);
        Assert.Equal((true, acknowledged[known].Sequence), (again!.Duplicate, again.Sequence));
    }

    [Fact]
    public async Task Restore_OfAnInstallationAtRest_HasEveryRowAndNoneThatWasDeleted()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol", "dave");
        await UseAsync(users);

        // The first pass has all of it. What is deleted and changed afterwards must reach the backup by its changes alone.
        await world.ExportAsync(app);
        Assert.NotNull((await app.Get<BackupExport>().StateAsync(CancellationToken.None)).Pass?.Ended);
        using (var deleted = await users.Project.DeleteUserAsync("dave"))
        {
            Assert.True(deleted.IsSuccessStatusCode);
        }

        await users["alice"].SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/contacts?id=carol")).TextAsync(204);
        await users["alice"].SendMessageAsync("bob", "changed");
        await world.ExportAsync(app);
        await app.SettleAsync(users.Project.Id);
        var before = await world.RowsAsync(restored: false);
        var log = await app.ReadLogAsync(users.Project.Id);

        await world.RestoreAsync();

        Assert.Equal(before, await world.RowsAsync(restored: true));
        await using var restored = await world.StartRestoredAsync();
        Assert.Equal(
            log.Select(entry => (entry.ConversationId, entry.Sequence, entry.Data, entry.Group)).Order(),
            (await restored.ReadLogAsync(users.Project.Id)).Select(entry => (entry.ConversationId, entry.Sequence, entry.Data, entry.Group))
                .Order());
    }

    [Fact]
    public async Task Restore_ToATimeInBetween_HasTheStateOfThen()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        await users["alice"].SendMessageAsync("bob", "one");
        await world.ExportAsync(app);
        await users["alice"].SendMessageAsync("bob", "two");
        await world.ExportAsync(app);
        var until = world.Clock.GetUtcNow().AddSeconds(10);
        await users["alice"].SendMessageAsync("bob", "three");
        await world.ExportAsync(app);

        await world.RestoreAsync(until);

        await using var restored = await world.StartRestoredAsync();
        var page = await (users["bob"] with { App = restored }).GetJsonAsync("/api/v1/messages?with=alice");
        Assert.Equal(["two", "one"], page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("data").GetString()));
    }

    [Fact]
    public async Task Restore_WhereItMustNotBe_IsRefusedAndNobodyElseIsServedMeanwhile()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        await BackupWorld.PostAsync(app, "restore").ProblemAsync("not_restoring");
        await BackupWorld.PostAsync(app, "failover").ProblemAsync("not_restoring");
        await BackupWorld.PostAsync(app, $"projects/{users.Project.Id}/log").ProblemAsync("not_restoring");

        await using var restoring = await world.StartRestoringAsync();
        await BackupWorld.PostAsync(restoring, "restore").ProblemAsync("no_backup");
        await world.ExportAsync(app);
        await BackupWorld.PostAsync(restoring, "restore", new { until = world.Clock.GetUtcNow().AddDays(-1) }).ProblemAsync("no_backup");
        var alice = users["alice"] with { App = restoring };
        await alice.PostAsync("/api/v1/messages", new { to = "bob", data = "too early" }).ProblemAsync("restoring");
        await restoring.Http.GetAsync("/api/health/live").TextAsync();
        await BackupWorld.BeginAsync(restoring, "restore");
        await BackupWorld.PostAsync(restoring, "failover").ProblemAsync("edit_conflict");
        await BackupWorld.FinishAsync(restoring);

        Assert.Contains("has rows", await BackupWorld.PostAsync(restoring, "restore").ProblemAsync("not_empty"), StringComparison.Ordinal);
        using var without = await restoring.Http.PostAsync("/api/operator/v1/restore", null);
        Assert.Equal(401, (int)without.StatusCode);
    }

    [Fact]
    [Promise("VOX-R7")]
    public async Task Export_KilledAtEachOfItsRequests_LosesNothing()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol", "dave");
        await UseAsync(users);
        var (faults, count, dead) = (new StorageFaults(), 0, 0);
        await using var dying = await world.StartAsync(faults, "Storage:Retries=0", "Logging:LogLevel:Vox=None");
        for (var kill = 1; ; kill++)
        {
            // With the password: an access token would not outlive all these moves of the clock.
            await new TestUser(users.Project, "alice", "secret").SendChatAsync("bob", $"before {kill}");
            (count, dead) = (0, kill);
            faults.Choose = _ => Interlocked.Increment(ref count) >= dead ? Fault.BrokenBefore : Fault.None;
            try
            {
                await world.ExportAsync(dying);
                break;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                // The lease of the dead one ends.
                world.Clock.Advance(TimeSpan.FromMinutes(4));
            }
        }

        Assert.True(dead > 10, $"Only {dead} requests were tried.");
        var before = await world.RowsAsync(restored: false);

        await world.RestoreAsync();

        Assert.Equal(before, await world.RowsAsync(restored: true));
    }

    [Fact]
    [Promise("VOX-R7")]
    public async Task Restore_KilledAgainAndAgain_GoesOnAndIsComplete()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol", "dave");
        await UseAsync(users);
        await world.ExportAsync(app);
        await users["alice"].SendMessageAsync("bob", "and one more");
        await world.ExportAsync(app);
        await app.SettleAsync(users.Project.Id);
        var (before, log) = (await world.RowsAsync(restored: false), await app.ReadLogAsync(users.Project.Id));
        var (faults, count, dead) = (new StorageFaults(), 0, 0);
        await using var dying = await world.StartRestoringAsync(faults, "Storage:Retries=0", "Logging:LogLevel:Vox=None");
        await BackupWorld.BeginAsync(dying, "restore");
        for (var kill = 1; ; kill += 3)
        {
            (count, dead) = (0, kill);
            faults.Choose = _ => Interlocked.Increment(ref count) >= dead ? Fault.BrokenBefore : Fault.None;
            try
            {
                await dying.Get<BackupRestore>().RunAsync(CancellationToken.None);
                break;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                world.Clock.Advance(TimeSpan.FromMinutes(4));
            }
        }

        faults.Choose = null;
        Assert.True(dead > 10, $"Only {dead} requests were tried.");
        await BackupWorld.FinishAsync(dying);
        Assert.Equal(before, await world.RowsAsync(restored: true));
        await using var restored = await world.StartRestoredAsync();
        Assert.Equal(
            log.Select(entry => (entry.ConversationId, entry.Sequence, entry.Data)).Order(),
            (await restored.ReadLogAsync(users.Project.Id)).Select(entry => (entry.ConversationId, entry.Sequence, entry.Data)).Order());
    }

    [Fact]
    public async Task Failover_ThatLostTheLastMinutes_RemovesTornRowsEndsMarksAndRenewsLogAndEpoch()
    {
        var world = new BackupWorld(backends, second);
        TestSession alice, bob;
        ConversationKey key;
        await using (var app = await world.StartAsync())
        {
            var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
            (alice, bob) = (users["alice"], users["bob"]);
            key = ConversationKey.Between(users.Project.Id, alice.Identity.Uid, bob.Identity.Uid);
            for (var n = 1; n <= 5; n++)
            {
                await alice.SendMessageAsync("bob", $"text {n}", $"m{n}");
            }

            await bob.PostAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = key.Id, delivered = 5, read = 5 } } })
                .TextAsync();
            await app.SettleAsync(users.Project.Id);

            // The copy is without the head's last change, but it has two of the messages: tables are copied row by row.
            var head = (await app.Get<ConversationStore>().FindHeadAsync(key, CancellationToken.None))!;
            await app.Get<ConversationStore>().ChangeHeadAsync(key, _ => head with { LastSequence = 3 }, CancellationToken.None);
        }

        // An epoch is named by its second: this one must not be that of the conversation's beginning.
        var later = new ShiftedTime();
        later.Advance(TimeSpan.FromMinutes(1));
        await using (var restoring = await VoxApp.StartAsync(
            backends, ["Backup:Restoring=true"], builder => builder.Services.AddSingleton<TimeProvider>(later), world.Prefix))
        {
            await BackupWorld.BeginAsync(restoring, "failover");
            var state = await BackupWorld.FinishAsync(restoring);
            Assert.Equal((4, 3), (state.GetProperty("removed").GetInt32(), state.GetProperty("messages").GetInt32()));
        }

        await using var after = await VoxApp.StartAsync(backends, tablePrefix: world.Prefix);
        var page = await (bob with { App = after }).GetJsonAsync("/api/v1/messages?with=alice");
        var epochs = page.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("lastSequence").GetInt64());
        Assert.Equal([0, 3], epochs);
        Assert.Equal(3, page.GetProperty("lastSequence").GetInt64());
        var mark = (await after.Get<ConversationStore>().ReadMarksAsync(key, CancellationToken.None))!.MarkOf(bob.Identity.Uid);
        Assert.Equal((3, 3), (mark.Delivered, mark.Read));
        await after.AssertLogIsAsync(key.ProjectId, (await after.ReadConversationAsync(key)).Select(message => (key, message)));

        // The same id as before: the message was lost, so it is new.
        var again = await (alice with { App = after }).SendMessageAsync("bob", "text 4", "m4");
        Assert.False(again.GetProperty("duplicate").GetBoolean());
        Assert.Equal(4, again.GetProperty("sequence").GetInt64());
        Assert.Equal(page.GetProperty("epochs")[1].GetProperty("epoch").GetInt64(), again.GetProperty("epoch").GetInt64());
    }

    /// <summary>Something of every kind.</summary>
    private static async Task UseAsync(GroupWorld users)
    {
        var group = await users.CreateGroupAsync("alice", "bob", "carol");
        await users["bob"].SendMessageAsync(group, "to all");
        await users["carol"].SendMessageAsync("alice", "to one");
        await users["dave"].SendMessageAsync("alice", "from one who leaves");
        foreach (var id in new[] { "bob", "carol" })
        {
            await users["alice"].PostAsync("/api/v1/contacts", new { id }).TextAsync();
        }

        await users["alice"].SendMessageAsync("bob", new string('ü', 3_000));
    }
}
