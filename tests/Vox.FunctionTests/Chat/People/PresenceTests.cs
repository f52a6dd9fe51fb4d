using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.People;
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
