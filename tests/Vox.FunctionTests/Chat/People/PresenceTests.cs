using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.People;

public sealed class PresenceTests(Backends backends)
{
    [Fact]
    public async Task Connect_WithAContactOnline_ContactHearsOnlineThenOffline()
    {
        var (alice, bob) = await ContactsAsync(backends.App);
        await using var watching = await bob.ConnectAsync();

        var live = await alice.ConnectAsync();
        var came = await watching.NextAsync("presence");
        Assert.True((await LookUpAsync(bob, "alice")).GetProperty("online").GetBoolean());
        await live.DisposeAsync();
        var left = await watching.NextAsync("presence");

        Assert.Equal(("alice", true), (came.GetProperty("user").GetString(), came.GetProperty("online").GetBoolean()));
        Assert.Equal(("alice", false), (left.GetProperty("user").GetString(), left.GetProperty("online").GetBoolean()));
        var person = await LookUpAsync(bob, "alice");
        Assert.False(person.GetProperty("online").GetBoolean());
        Assert.True(person.GetProperty("lastSeen").GetInt64() > 0);
    }

    [Fact]
    public async Task Disconnect_OneOfTwoDevices_StaysOnline()
    {
        var (alice, bob) = await ContactsAsync(backends.App);
        await using var watching = await bob.ConnectAsync();
        var first = await alice.ConnectAsync();
        var second = await alice.ConnectAsync();
        await watching.NextAsync("presence");

        await first.DisposeAsync();
        await second.DisposeAsync();
        var left = await watching.NextAsync("presence");

        // Exactly one more event, for the end of the second device. The end of the first device changed nothing.
        Assert.False(left.GetProperty("online").GetBoolean());
        Assert.False(watching.Has("presence"));
    }

    [Fact]
    [Promise("VOX-P1")]
    public async Task ExpirePresence_ConnectionWithoutSignOfLife_GoesOfflineAfterTheLease()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var app = await VoxApp.StartAsync(backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (alice, bob) = await ContactsAsync(app);
        await alice.PostJsonAsync("/api/v1/presence", new { connection = "lost" });
        await bob.PostJsonAsync("/api/v1/presence", new { connection = "here" });

        clock.Advance(TimeSpan.FromSeconds(120));
        await bob.PostJsonAsync("/api/v1/presence", new { connection = "here" });
        clock.Advance(TimeSpan.FromSeconds(90));
        await app.Get<PresenceService>().ExpireAsync(CancellationToken.None);

        Assert.False((await LookUpAsync(bob, "alice")).GetProperty("online").GetBoolean());
        Assert.True((await LookUpAsync(alice, "bob")).GetProperty("online").GetBoolean());
    }

    [Fact]
    public async Task Presence_OfSomebodyWhoBlockedMe_LooksOffline()
    {
        var (alice, bob) = await ContactsAsync(backends.App);
        await alice.PostAsync("/api/v1/blocks", new { id = "bob" });
        await using var live = await alice.ConnectAsync();

        Assert.False((await LookUpAsync(bob, "alice")).GetProperty("online").GetBoolean());
    }

    [Fact]
    public async Task LastSeen_OfSomebodyWhoBlockedMe_IsHiddenToo()
    {
        var (alice, bob) = await ContactsAsync(backends.App);
        await alice.PostJsonAsync("/api/v1/presence", new { connection = "c1" });
        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/presence?connection=c1"));
        Assert.True((await LookUpAsync(bob, "alice")).GetProperty("lastSeen").GetInt64() > 0);

        await alice.PostAsync("/api/v1/blocks", new { id = "bob" });

        Assert.Equal(0, (await LookUpAsync(bob, "alice")).GetProperty("lastSeen").GetInt64());
        var contact = (await bob.GetJsonAsync("/api/v1/contacts")).GetProperty("contacts")[0];
        Assert.Equal(0, contact.GetProperty("lastSeen").GetInt64());
    }

    [Fact]
    public async Task LastSeen_OfAUserWhoIsOnlineForTheFirstTime_IsSinceWhen()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var app = await VoxApp.StartAsync(backends, clock);
        var (alice, bob) = await ContactsAsync(app);
        var began = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await alice.PostJsonAsync("/api/v1/presence", new { connection = "c1" });
        clock.Advance(TimeSpan.FromSeconds(60));
        await alice.PostJsonAsync("/api/v1/presence", new { connection = "c1" });

        var person = await LookUpAsync(bob, "alice");

        Assert.True(person.GetProperty("online").GetBoolean());
        Assert.Equal(began, person.GetProperty("lastSeen").GetInt64());
    }

    [Fact]
    public async Task Project_ShowsUsersToTheirContactsOnly_OthersFindNothingAndHearNothing()
    {
        var (alice, bob) = await ContactsAsync(backends.App);
        var project = alice.RealtimeUser[..alice.RealtimeUser.IndexOf(':', StringComparison.Ordinal)];
        await backends.App.Get<ProjectService>().UpdateAsync(
            project, p => p with { Visibility = Visibility.Contacts }, CancellationToken.None);
        await using var watching = await bob.ConnectAsync();
        await using (await alice.ConnectAsync())
        {
            Assert.Empty((await bob.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { "alice" } })).GetProperty("users")
                .EnumerateArray());
            var contact = (await bob.GetJsonAsync("/api/v1/contacts")).GetProperty("contacts")[0];
            // As with an id that nobody has, so that nobody can try out ids.
            Assert.False(contact.GetProperty("registered").GetBoolean());
            Assert.False(contact.GetProperty("online").GetBoolean());
            Assert.False((await bob.PostJsonAsync("/api/v1/contacts", new { id = "alice" })).GetProperty("registered").GetBoolean());
            await LookUpAsync(alice, "alice");

            // Alice is bob's contact; now bob is hers as well.
            await alice.PostJsonAsync("/api/v1/contacts", new { id = "bob" });
            Assert.True((await LookUpAsync(bob, "alice")).GetProperty("online").GetBoolean());
            Assert.False(watching.Has("presence"));
        }

        Assert.False((await watching.NextAsync("presence")).GetProperty("online").GetBoolean());
    }

    [Fact]
    public async Task Presence_MoreConnectionsThanAnybodyNeeds_AreRefused()
    {
        var (alice, _) = await ContactsAsync(backends.App);
        for (var i = 0; i < 100; i++)
        {
            await alice.PostJsonAsync("/api/v1/presence", new { connection = $"c{i}" });
        }

        await alice.PostAsync("/api/v1/presence", new { connection = "one more" }).ProblemAsync("limit_reached", "connection");
        await alice.PostJsonAsync("/api/v1/presence", new { connection = "c7" });
    }

    [Fact]
    public async Task LookUp_ManyIdsInFewRequests_IsLimitedByTheIds()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Limits:LookupIdsBurst=250", "Limits:LookupIdsPerSecond=1"]);
        var (alice, _) = await ContactsAsync(app);
        var ids = Enumerable.Range(0, 200).Select(i => "guess" + i).ToArray();

        await alice.PostJsonAsync("/api/v1/users/lookup", new { ids });

        await alice.PostAsync("/api/v1/users/lookup", new { ids }).ProblemAsync("too_many_requests");
        await alice.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { "bob" } });
    }

    [Fact]
    public async Task RenewPresence_WithoutConnection_IsRefused()
    {
        var (alice, _) = await ContactsAsync(backends.App);

        using var response = await alice.PostAsync("/api/v1/presence", new { connection = "" });

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Renew_FromManyAtOnce_TellsOnce()
    {
        var (alice, bob) = await ContactsAsync(backends.App);
        await using var watching = await bob.ConnectAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => alice.PostJsonAsync("/api/v1/presence", new { connection = $"c{n}" })));
        await watching.NextAsync("presence");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
            alice.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/presence?connection=c{n}"))));
        var left = await watching.NextAsync("presence");

        Assert.False(left.GetProperty("online").GetBoolean());
        Assert.False(watching.Has("presence"));
    }

    private static async Task<(TestSession Alice, TestSession Bob)> ContactsAsync(VoxApp app)
    {
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await bob.PostJsonAsync("/api/v1/contacts", new { id = "alice" });
        return (alice, bob);
    }

    private static async Task<JsonElement> LookUpAsync(TestSession session, string id) =>
        (await session.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { id } })).GetProperty("users")[0];
}
