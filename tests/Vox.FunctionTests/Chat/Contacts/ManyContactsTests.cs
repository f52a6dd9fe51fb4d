using System.Text.Json;
using Vox.Chat.Contacts;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Contacts;

/// <summary>Long contact lists: their cost, and that they say what a single look says.</summary>
public sealed class ManyContactsTests(Backends backends)
{
    private const int Many = 150;

    [Fact]
    public async Task List_ContactsCloseTogether_FewRequestsAndSaysWhatASingleLookSays()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var world = await WorldAsync(app, n => $"user{n:D3}");

        await using var fresh = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var alice = world.Alice with { App = fresh };
        // The process looks once whether its tables are there.
        await alice.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { "alice" } });
        await alice.GetJsonAsync("/api/v1/blocks");
        var before = fresh.Storage.Count;
        var list = await alice.GetJsonAsync("/api/v1/contacts");
        Assert.Equal(5, fresh.Storage.Count - before);
        await AssertSameAsync(list, world.Alice, world.Ids);
    }

    [Fact]
    public async Task List_ContactsFarApart_AreReadOneByOne()
    {
        await using var app = await VoxApp.StartAsync(backends);

        // A thousand users who are no contacts lie between the first and the second.
        var world = await WorldAsync(app, n => n == 0 ? "a" : $"user{n:D3}");
        var people = app.Get<PersonStore>();
        await ManyRequests.EachAsync(Enumerable.Range(0, 1_000), n => people.SaveAsync(
            new(world.Alice.Identity.ProjectId, $"b{n:D4}", $"uid{n:D18}"), new Profile($"B{n}", "", ""), CancellationToken.None));

        var list = await world.Alice.GetJsonAsync("/api/v1/contacts");
        await AssertSameAsync(list, world.Alice, world.Ids);
    }

    [Fact]
    public async Task List_OnlyContactsSeeEachOther_ShowsThoseWhoHaveTheAsker()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var world = await WorldAsync(app, n => $"user{n:D3}", Visibility.Contacts);

        var list = await world.Alice.GetJsonAsync("/api/v1/contacts");
        Assert.Equal(
            ["user001", "user002"],
            list.GetProperty("contacts").EnumerateArray().Where(one => one.GetProperty("registered").GetBoolean())
                .Select(one => one.GetProperty("id").GetString()));
        await AssertSameAsync(list, world.Alice, world.Ids);
    }

    /// <summary>Alice and her contacts. Of these one shows a name, one has blocked her, two were online, and a few are no users.</summary>
    private static async Task<(TestSession Alice, List<string> Ids)> WorldAsync(
        VoxApp app, Func<int, string> id, Visibility? visibility = null)
    {
        var project = await app.CreateProjectAsync();
        if (visibility is { } seenBy)
        {
            var projects = app.Get<ProjectStore>();
            var stored = (await projects.FindAsync(project.Id, CancellationToken.None))!;
            Assert.True(await projects.TryReplaceAsync(stored with { Visibility = seenBy }, CancellationToken.None));
        }

        var ids = Enumerable.Range(0, Many).Select(id).ToList();
        await ManyRequests.EachAsync(ids.Append("alice"), user => project.CreateUserAsync(user));
        var alice = await new TestUser(project, "alice", "secret").LogInAsync();
        ids.AddRange(["nobody", "no body", "niemand ä"]);
        var contacts = app.Get<ContactStore>();
        await ManyRequests.EachAsync(ids, contact => contacts.AddAsync(alice.Identity, contact, CancellationToken.None));
        var some = new List<TestSession>();
        foreach (var contact in ids.Take(5))
        {
            some.Add(await new TestUser(project, contact, "secret").LogInAsync());
        }

        var people = app.Get<PersonStore>();
        await people.SaveAsync(some[1].Identity, new Profile("Name", "busy", ""), CancellationToken.None);
        await contacts.AddAsync(some[1].Identity, "alice", CancellationToken.None);
        await contacts.AddAsync(some[2].Identity, "alice", CancellationToken.None);
        await people.SaveSeenAsync(some[3].Identity, 1_700_000_000_000, CancellationToken.None);
        await people.SaveSeenAsync(some[4].Identity, 1_700_000_000_000, CancellationToken.None);
        await contacts.SetBlockedAsync(some[4].Identity, "alice", true, CancellationToken.None);
        await contacts.SetBlockedAsync(alice.Identity, ids[0], true, CancellationToken.None);
        return (alice, ids);
    }

    private static async Task AssertSameAsync(JsonElement list, TestSession alice, List<string> ids)
    {
        var contacts = list.GetProperty("contacts").EnumerateArray().ToDictionary(one => one.GetProperty("id").GetString()!);
        Assert.Equal(ids.Order(StringComparer.Ordinal), contacts.Keys.Order(StringComparer.Ordinal));
        foreach (var id in ids.Take(6).Concat(ids.TakeLast(4)))
        {
            var single = (await alice.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { id } })).GetProperty("users");
            var contact = contacts[id];
            Assert.Equal(single.GetArrayLength() == 1, contact.GetProperty("registered").GetBoolean());
            foreach (var field in single.GetArrayLength() == 1 ? new[] { "displayName", "status", "online", "lastSeen" } : [])
            {
                Assert.Equal($"{id} {field} {single[0].GetProperty(field)}", $"{id} {field} {contact.GetProperty(field)}");
            }
        }
    }
}
