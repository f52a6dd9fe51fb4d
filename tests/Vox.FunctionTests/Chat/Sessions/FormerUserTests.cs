using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.People;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Sessions;

/// <summary>
/// A deleted user whose token another process still takes for half a minute, and a new user with the same login id. The clocks stand still,
/// so the other process remembers the session for as long as a test takes.
/// </summary>
public sealed class FormerUserTests(Backends backends) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private VoxApp app = null!;
    private VoxApp other = null!;
    private TestProject project = null!;
    private TestSession former = null!;

    public async ValueTask InitializeAsync()
    {
        app = await VoxApp.StartAsync(backends, time);
        other = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(time), tablePrefix: app.TablePrefix);
        project = await app.CreateProjectAsync();
        foreach (var name in new[] { "bob", "carol", "dave" })
        {
            await project.CreateUserAsync(name);
        }

        former = await (await project.CreateUserAsync("alice")).LogInAsync() with { App = other };
        await former.GetConversationsAsync().TextAsync();
        await project.DeleteUserAsync("alice").TextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await other.DisposeAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task CreateUser_WhatTheDeletedOneWroteLateElsewhere_IsNotTheirs()
    {
        await WriteAsync();

        var young = await (await project.CreateUserAsync("alice")).LogInAsync();

        await AssertFreshAsync(young);
    }

    [Fact]
    public async Task DeletedUser_WhatTheyWriteWhenTheNewOneIsThere_ChangesNothingOfTheirs()
    {
        var young = await (await project.CreateUserAsync("alice")).LogInAsync();
        await young.PostJsonAsync("/api/v1/contacts", new { id = "carol" });
        await PutProfileAsync(young, "The new Alice");
        var before = await StateAsync(young);

        await WriteAsync();

        Assert.Equal(before, await StateAsync(young));
        await (await (await BobAsync()).PostAsync("/api/v1/messages", new { to = "alice", data = "for the new one" }))
            .EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        var only = Assert.Single((await young.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
        Assert.Equal("for the new one", only.GetProperty("lastMessage").GetProperty("data").GetString());
    }

    [Fact]
    public async Task DeletedUser_WhatTheyWroteLate_IsSweptAndTheNewOneKeepsAllOfTheirs()
    {
        await WriteAsync();
        var young = await (await project.CreateUserAsync("alice")).LogInAsync();
        await young.PostJsonAsync("/api/v1/contacts", new { id = "carol" });
        await PutProfileAsync(young, "The new Alice");
        await young.SendMessageAsync("bob", "hello");
        var before = await StateAsync(young);
        var removal = app.Get<UserRemoval>();
        await removal.ResumeAsync(CancellationToken.None);
        Assert.NotEmpty((await app.Get<ContactStore>().ReadAsync(former.Identity, CancellationToken.None)).Contacts);

        time.Advance(TimeSpan.FromMinutes(11));
        await removal.ResumeAsync(CancellationToken.None);

        var book = await app.Get<ContactStore>().ReadAsync(former.Identity, CancellationToken.None);
        Assert.Empty(book.Contacts);
        Assert.Empty(book.Blocked);
        Assert.Equal(Profile.Empty, (await app.Get<PersonStore>().ReadAsync(former.Identity, CancellationToken.None)).Profile);
        Assert.Empty(await app.Get<RecentStore>().ListAsync(former.Identity, CancellationToken.None));
        Assert.False(await app.Get<PresenceStore>().IsOnlineAsync(former.Identity, CancellationToken.None));
        Assert.Empty(await app.Get<UserStore>().PendingDeletionsAsync(DateTimeOffset.MaxValue, CancellationToken.None).ToListAsync());
        Assert.Equal(before, await StateAsync(young with { AccessToken = (await young.RefreshAsync()).AccessToken }));

        // What others got from them stays, but is closed.
        var bobs = (await (await BobAsync()).GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray().ToList();
        Assert.Single(bobs, conversation => conversation.GetProperty("closed").GetBoolean());
    }

    /// <summary>Everything that a client can write, with a token that the other process still takes.</summary>
    private async Task WriteAsync()
    {
        await PutProfileAsync(former, "The old Alice");
        await former.PostJsonAsync("/api/v1/contacts", new { id = "bob" });
        await former.PostAsync("/api/v1/blocks", new { id = "dave" }).TextAsync(204);
        await former.PostJsonAsync("/api/v1/presence", new { connection = "late" });
        await former.SendMessageAsync("bob", "written late");
        await former.PostJsonAsync("/api/v1/groups", new { name = "Late group", members = new[] { "bob" } });
        await former.PostJsonAsync("/api/v1/files", new { name = "late.txt", size = 4 });
    }

    private async Task AssertFreshAsync(TestSession young)
    {
        var fresh = await (await project.CreateUserAsync("erin")).LogInAsync();
        Assert.Equal(
            Neutral(await StateAsync(fresh)).Replace("erin", "alice", StringComparison.Ordinal), Neutral(await StateAsync(young)));

        // Nor do others see anything of the former one in them.
        var seen = (await (await BobAsync()).PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { "alice" } }))
            .GetProperty("users")[0];
        Assert.Equal(("", false), (seen.GetProperty("displayName").GetString(), seen.GetProperty("online").GetBoolean()));
        await young.SendMessageAsync("dave", "not blocked");
        var dave = await new TestUser(project, "dave", "secret").LogInAsync();
        await dave.SendMessageAsync("alice", "neither");
    }

    private async Task<TestSession> BobAsync() => await new TestUser(project, "bob", "secret").LogInAsync();

    private static async Task PutProfileAsync(TestSession user, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile")
        {
            Content = JsonContent.Create(new { displayName = name, status = name }),
        };
        await user.SendAsync(request).TextAsync();
    }

    /// <summary>Without ids of conversations, which are each pair's own.</summary>
    private static string Neutral(string state) =>
        System.Text.RegularExpressions.Regex.Replace(state, "\"conversation\":\"d[^\"]*\"", "\"conversation\":\"\"");

    /// <summary>All that a user sees of what is their own.</summary>
    private static async Task<string> StateAsync(TestSession user)
    {
        var texts = new List<string>();
        foreach (var path in new[]
        {
            "/api/v1/profile", "/api/v1/contacts", "/api/v1/blocks", "/api/v1/groups", "/api/v1/conversations", "/api/v1/messages?with=bob",
        })
        {
            texts.Add(path + " " + (await user.GetJsonAsync(path)).GetRawText());
        }

        var sync = await user.PostJsonAsync("/api/v1/sync", new { newest = 100 });
        texts.Add(JsonSerializer.Serialize(sync.GetProperty("conversations")));
        return string.Join('\n', texts);
    }
}
