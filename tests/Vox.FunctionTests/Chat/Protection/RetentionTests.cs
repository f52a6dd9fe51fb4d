using System.Text;
using System.Text.Json;
using Vox.Chat.Protection;
using Vox.Tests.Files;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Protection;

public sealed class RetentionTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private readonly string mark = Guid.NewGuid().ToString("N")[..10];

    [Fact]
    public async Task Retention_OfMessagesAndFiles_WhatIsOlderGoesOnceOnTwoInstances()
    {
        var clock = new ShiftedTime();
        await using var one = await portal.StartAsync(clock);
        await using var two = await portal.StartAsync(clock, one.TablePrefix);
        var project = await one.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await (await project.CreateUserAsync("bob")).LogInAsync());
        await alice.SendChatAsync("bob", $"old-{mark}");
        await alice.SendChatAsync("bob", $"old-{mark}");
        await bob.SendFileAsync("alice", $"old-{mark}.txt", Encoding.UTF8.GetBytes($"oldfile-{mark}"));
        await bob.SendFileAsync(null, $"photo-{mark}.txt", Encoding.UTF8.GetBytes($"alone-{mark}"));
        await one.SettleAsync(project.Id);
        Assert.Equal(0, (await ReadAsync(project)).GetProperty("messageDays").GetInt32());
        await SetAsync(project, ("messageDays", "30"));

        clock.Advance(TimeSpan.FromDays(29));
        await RunAsync(one, two);
        var before = await FoundAsync(one);
        Assert.Contains($"table conversations: old-{mark}", before);
        Assert.Contains($"container files: oldfile-{mark}", before);
        clock.Advance(TimeSpan.FromDays(2));
        await alice.SendChatAsync("bob", $"young-{mark}");
        await RunAsync(one, two);

        var found = await FoundAsync(one);
        Assert.DoesNotContain($"table conversations: old-{mark}", found);
        Assert.DoesNotContain($"container files: oldfile-{mark}", found);
        Assert.Contains($"table conversations: young-{mark}", found);
        Assert.Contains($"container files: alone-{mark}", found);
        Assert.Contains($"table chatlog: old-{mark}", found);
        var run = (await one.Get<ErasureStore>().FindAsync(project.Id, Erasure.RetentionId, CancellationToken.None))!;
        Assert.Equal((ErasureState.Done, 3, 1), (run.State, run.Counts.Messages, run.Counts.Files));
        Assert.Empty((await one.Get<ErasureService>().ListAsync(project.Id, null, 10, CancellationToken.None)).Erasures);

        await SetAsync(project, ("messageDays", "0"), ("fileDays", "1"));
        await RunAsync(one, two);
        Assert.DoesNotContain($"container files: alone-{mark}", await FoundAsync(one));
    }

    [Fact]
    public async Task Retention_UnderAHold_KeepsWhatIsHeld()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await project.CreateUserAsync("cat");
        await alice.SendChatAsync("bob", $"old-{mark}");
        await bob.SendChatAsync("cat", $"young-{mark}");
        await app.SettleAsync(project.Id);
        await SetAsync(project, ("messageDays", "1"), ("logDays", "1"));
        await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "alice"), ("reason", "Case 7"))).JsonAsync();
        clock.Advance(TimeSpan.FromDays(3));

        await RunAsync(app);
        await app.Get<Chat.ChatLogs.ChatLogRetention>().RunAsync(CancellationToken.None);

        var found = await FoundAsync(app);
        Assert.Contains($"table conversations: old-{mark}", found);
        Assert.Contains($"table chatlog: old-{mark}", found);
        Assert.DoesNotContain($"table conversations: young-{mark}", found);
    }

    [Theory]
    [InlineData("messageDays", "-1")]
    [InlineData("fileDays", "3651")]
    [InlineData("logDays", "a week")]
    public async Task SetRetention_NoNumberOfDays_IsRefused(string field, string value)
    {
        var project = await backends.App.CreateProjectAsync();

        await backends.App.Http.PutAsync("/api/data/retention", Keys(project, (field, value))).ProblemAsync("invalid_field");
    }

    private Task<List<string>> FoundAsync(VoxApp app) => DataSearch.FindAsync(
        backends.StorageConnection, app.TablePrefix, [$"old-{mark}", $"oldfile-{mark}", $"young-{mark}", $"alone-{mark}"]);

    /// <summary>The two timers, on all instances at once.</summary>
    private static async Task RunAsync(params VoxApp[] apps)
    {
        await Task.WhenAll(apps.Select(app => app.Get<RetentionWork>().BeginAsync(CancellationToken.None)));
        await Task.WhenAll(apps.Select(app => app.Get<ErasureWork>().RunAsync(CancellationToken.None)));
    }

    private static Task<JsonElement> ReadAsync(TestProject project) => project.App.Http.GetAsync(
        $"/api/data/retention?projectid={project.Id}&authtoken={project.Token}").JsonAsync();

    private static Task<JsonElement> SetAsync(TestProject project, params (string, string)[] fields) =>
        project.App.Http.PutAsync("/api/data/retention", Keys(project, fields)).JsonAsync();

    private static FormUrlEncodedContent Keys(TestProject project, params (string Name, string Value)[] fields) => new(
        [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
