using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Users;

/// <summary>How many users a project has, without looking at each of them.</summary>
public sealed class UserMeterTests(Backends backends)
{
    private readonly ShiftedTime clock = new();

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Fold_UsersCameAndWentOnTwoInstances_CountsEachOnce()
    {
        await using var app = await StartAsync();
        await using var other = await StartAsync(app.TablePrefix);
        var project = await app.CreateProjectAsync();
        var elsewhere = project with { App = other };
        foreach (var name in new[] { "alice", "bob", "carol", "dave", "erin" })
        {
            await (name[0] % 2 == 0 ? project : elsewhere).CreateUserAsync(name);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => elsewhere.CreateUserAsync("alice"));
        await FoldAsync(app, other);
        Assert.Equal(5, await UsersAsync(app, project.Id));

        var users = app.Get<UserStore>();
        var bob = (await users.FindAsync(new(project.Id, "bob"), CancellationToken.None))!;
        await app.Get<UserRemoval>().RemoveAsync(bob, CancellationToken.None);
        await app.Get<UserMeter>().RemoveAsync(bob, CancellationToken.None);
        await FoldAsync(app, other);
        await app.Get<UserMeter>().RemoveAsync(bob, CancellationToken.None);
        await FoldAsync(app, other);
        Assert.Equal(4, await UsersAsync(app, project.Id));
        Assert.Empty(await app.Get<UserMeterStore>().ChangesAsync(project.Id, "", 10, CancellationToken.None));
        Assert.Empty(await app.Get<FoldMarkStore>().FindAsync("", DateTimeOffset.MaxValue, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Fold_CreationUnderWayOrGivenUp_CountsOnlyWhoExists()
    {
        await using var app = await StartAsync();
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await FoldAsync(app);
        var late = new User(project.Id, "late", "the-uid-of-late", "", clock.GetUtcNow(), null, default);
        var never = late with { LoginId = "never", Uid = "the-uid-of-never" };
        await app.Get<UserMeter>().NoteAsync(late, CancellationToken.None);
        await app.Get<UserMeter>().NoteAsync(never, CancellationToken.None);

        // As before a charge: it does not wait until all has settled.
        var marks = await app.Get<FoldMarkStore>().FindAsync("", DateTimeOffset.MaxValue, 10, CancellationToken.None);
        await app.Get<UsageFold>().FoldAsync(project.Id, marks, CancellationToken.None);
        Assert.Equal(1, await UsersAsync(app, project.Id));

        Assert.NotNull(await app.Get<UserStore>().TryAddAsync(late, CancellationToken.None));
        await FoldAsync(app);
        Assert.Equal(2, await UsersAsync(app, project.Id));
    }

    [Fact]
    public async Task Fold_UsersFromBeforeTheyWereCounted_CountsThemOnce()
    {
        await using var app = await StartAsync();
        var project = await app.CreateProjectAsync();
        for (var i = 0; i < 230; i++)
        {
            var user = new User(project.Id, $"user{i}", $"the-uid-of-user-{i}", "", clock.GetUtcNow(), null, default);
            Assert.NotNull(await app.Get<UserStore>().TryAddAsync(user, CancellationToken.None));
        }

        Assert.Equal(230, await UsersAsync(app, project.Id));
        await project.CreateUserAsync("alice");
        await FoldAsync(app);
        Assert.Equal(231, await UsersAsync(app, project.Id));
    }

    [Fact]
    public async Task Create_ManyUsersAtOnce_NoTwoWriteTheSameRow()
    {
        await using var app = await StartAsync();
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await FoldAsync(app);
        var writes = new ConcurrentQueue<string>();
        app.Storage.Sent = (method, path) =>
        {
            var text = Uri.UnescapeDataString(path);
            if (method != "GET" && text.Contains($"{project.Id}|users", StringComparison.Ordinal))
            {
                writes.Enqueue(text);
            }
        };

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => project.CreateUserAsync($"user{i}")));

        app.Storage.Sent = null;
        Assert.Equal((30, 30), (writes.Count, writes.Distinct().Count()));
        await FoldAsync(app);
        Assert.Equal(31, await UsersAsync(app, project.Id));
    }

    [Fact]
    public async Task Fold_MessagesOfSeveralDaysAndInstances_AddUp()
    {
        await using var app = await StartAsync();
        await using var other = await StartAsync(app.TablePrefix);
        var project = await app.CreateProjectAsync();
        var first = Today;
        for (var day = 0; day < 3; day++)
        {
            app.Get<UsageCounters>().Message(project.Id, "uid", 10);
            other.Get<UsageCounters>().Message(project.Id, "uid", 100);
            await app.Get<UsageCounters>().FlushAsync(CancellationToken.None);
            if (day == 1)
            {
                // The other instance writes what it has counted on this day only on the next one.
                await FoldAsync(app, other);
                clock.Advance(TimeSpan.FromDays(1));
            }

            await other.Get<UsageCounters>().FlushAsync(CancellationToken.None);
            await FoldAsync(app, other);
            clock.Advance(TimeSpan.FromDays(day == 1 ? 0 : 1));
        }

        var days = await app.Get<UsageFold>().ReadAsync(project.Id, first, first.AddDays(3), CancellationToken.None);
        Assert.Equal([110, 220, 330, 330], days.Select(day => day.MessageBytes));
    }

    [Theory]
    [InlineData(0, 1, 11, 9)]
    [InlineData(1, 1, 11, 10)]
    [InlineData(1, -1, 9, 10)]
    [InlineData(-1, 1, 11, 10)]
    public void With_AChangeOfADay_KnowsWhatThereWasAtTheEndOfTheDayBefore(int day, int difference, long users, long before)
    {
        var monday = new DateOnly(2026, 11, 30);

        var after = UserMeter.With(new UserTotal(10, monday, 9, null), monday.AddDays(day), difference);

        Assert.Equal((users, before), (after.Users, after.Before));
    }

    /// <summary>Does what the timer does when it is time, on all of them at once.</summary>
    private async Task FoldAsync(params VoxApp[] apps)
    {
        clock.Advance(TimeSpan.FromMinutes(8));
        await Task.WhenAll(apps.Select(app => app.Get<UsageFold>().RunAsync(CancellationToken.None)));
    }

    private async Task<long> UsersAsync(VoxApp app, string project) =>
        (await app.Get<UsageFold>().ReadAsync(project, Today, Today, CancellationToken.None))[0].Users;

    private Task<VoxApp> StartAsync(string? prefix = null)
    {
        var now = clock.GetUtcNow();
        clock.Advance(prefix is null ? now.Date.AddDays(1).AddHours(8) - now.UtcDateTime : TimeSpan.Zero);
        return VoxApp.StartAsync(
            backends, ["Logging:LogLevel:Vox=None", "AzureWebJobs.FoldUsage.Disabled=true"],
            builder => builder.Services.AddSingleton<TimeProvider>(clock), prefix);
    }
}
