using System.Formats.Tar;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Exports;
using Vox.Chat.Protection;
using Vox.Tests.Files;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Protection;

public sealed class ExportTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private readonly byte[] large = [.. Enumerable.Range(0, 9_500_000).Select(n => (byte)(n * 31 >> 3))];

    [Fact]
    public async Task ExportProject_KilledBetweenStoringAndNotingAPiece_AnotherProcessGoesOnAndTheArchiveIsWhole()
    {
        var (clock, faults) = (new ShiftedTime(), new StorageFaults());
        await using var well = await portal.StartAsync(clock);
        await using var dying = await portal.StartAsync(
            builder => builder.Services.AddSingleton<HttpPipelinePolicy>(faults), clock, well.TablePrefix, "Storage:Retries=0",
            "Logging:LogLevel:Vox=None");
        var project = await well.CreateProjectAsync();
        var (alice, bob) = await PeopleAsync(project);
        for (var n = 0; n < 450; n++)
        {
            await alice.SendMessageAsync("bob", $"text {n}");
        }

        var file = await alice.SendFileAsync("bob", "..\u2215..\u2215evil\\name .bin", large);
        await bob.SendFileAsync("alice", "small.txt", "small"u8.ToArray());
        await well.SettleAsync(project.Id);
        var asked = await well.Http.PostAsync("/api/data/exports", Keys(project)).JsonAsync();

        // The storage takes the second piece, and the process dies before it notes that.
        var staged = 0;
        faults.Choose = request => request.Contains("-exports/", StringComparison.Ordinal)
            && request.Contains("comp=block", StringComparison.Ordinal) && Interlocked.Increment(ref staged) == 2
            ? Fault.BrokenAfter
            : Fault.None;
        await dying.Get<ExportWork>().RunAsync(CancellationToken.None);
        Assert.Equal(2, staged);
        await well.Get<ExportWork>().RunAsync(CancellationToken.None);
        Assert.Equal("running", (await StateAsync(project, asked)).GetProperty("state").GetString());
        clock.Advance(ExportWork.Lease);
        await well.Get<ExportWork>().RunAsync(CancellationToken.None);

        var archive = await DownloadAsync(project, asked);
        var entries = await ReadAsync(archive);
        Assert.All(entries.Keys, name => Assert.True(
            name.Split('/') is [not "..", not ".."] or ["manifest.json"] && !name.Contains('\\', StringComparison.Ordinal), name));
        var key = file.GetProperty("key").GetString()!;
        Assert.Equal(large, entries[$"files/{key}"]);
        var messages = Lines(entries, "messages").Select(line => line.GetProperty("data").GetString()).ToList();
        Assert.Equal(452, messages.Count);
        Assert.Equal(
            Enumerable.Range(0, 450).Select(n => $"text {n}").Order(),
            messages.Where(text => text!.StartsWith("text", StringComparison.Ordinal)).Order());
        Assert.Equal(["alice", "bob"], Lines(entries, "users").Select(line => line.GetProperty("username").GetString()).Order());
        Assert.Equal(2, Lines(entries, "files").Count);
        Assert.Single(Lines(entries, "project"));
        var manifest = JsonSerializer.Deserialize<JsonElement>(entries["manifest.json"]);
        Assert.Equal(
            (entries.Count - 1, 0), (manifest.GetProperty("files").GetInt32(), manifest.GetProperty("missing").GetInt32()));
        Assert.Equal(archive.Length, (await StateAsync(project, asked)).GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task ExportUser_OnlyWhatIsTheirs_AndOfGroupsWhatTheyCanSee()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var (alice, bob) = await PeopleAsync(project);
        var cat = await (await project.CreateUserAsync("cat")).LogInAsync();
        var first = await alice.SendMessageAsync("bob", "mine");
        await bob.SendMessageAsync("alice", "to me");
        await bob.SendMessageAsync("cat", "not mine");
        var group = (await bob.PostJsonAsync("/api/v1/groups", new { name = "Group", members = new[] { "cat" } }))
            .GetProperty("id").GetString()!;
        await bob.SendMessageAsync(group, "before alice came");
        await bob.PostJsonAsync($"/api/v1/groups/{group}/members", new { ids = new[] { "alice" } });
        await cat.SendMessageAsync(group, "with alice");
        await alice.SendFileAsync("bob", "a.txt", "of alice"u8.ToArray());
        await bob.SendFileAsync("alice", "b.txt", "of bob"u8.ToArray());
        await alice.PostAsync("/api/v1/contacts", new { id = "bob" });
        await ReactAsync(alice, first, "👍", "🎉");
        await ReactAsync(bob, first, "👎");
        await alice.PostJsonAsync("/api/v1/devices", new { kind = "fcm", token = "of-alice" });
        await bob.PostJsonAsync("/api/v1/devices", new { kind = "fcm", token = "of-bob" });
        await app.SettleAsync(project.Id);

        var asked = await app.Http.PostAsync("/api/data/exports", Keys(project, ("username", "alice"))).JsonAsync();
        await app.Get<ExportWork>().RunAsync(CancellationToken.None);

        var entries = await ReadAsync(await DownloadAsync(project, asked));
        var messages = Lines(entries, "messages").Select(line => line.GetProperty("data").GetString()!).ToList();
        Assert.Equal(
            ["mine", "to me", "with alice"],
            messages.Where(text => text.Contains(' ', StringComparison.Ordinal) || text == "mine").Order(StringComparer.Ordinal));
        Assert.Equal(5, messages.Count);
        Assert.Equal(
            "of alice",
            Encoding.UTF8.GetString(Assert.Single(entries, entry => entry.Key.EndsWith("_a.txt", StringComparison.Ordinal)).Value));
        Assert.DoesNotContain(entries.Keys, name => name.EndsWith("_b.txt", StringComparison.Ordinal));
        Assert.Equal("bob", Assert.Single(Lines(entries, "contacts")).GetProperty("username").GetString());
        Assert.Equal("alice", Assert.Single(Lines(entries, "user")).GetProperty("username").GetString());
        Assert.Single(Lines(entries, "sessions"));
        Assert.Equal("of-alice", Assert.Single(Lines(entries, "devices")).GetProperty("address").GetString());
        Assert.Equal(
            ((string[])["1 👍", "1 🎉"]).Order(StringComparer.Ordinal),
            Lines(entries, "reactions").Select(line => $"{line.GetProperty("sequence")} {line.GetProperty("emoji").GetString()}")
                .Order(StringComparer.Ordinal));
        Assert.All(Lines(entries, "reactions"), line => Assert.Equal(
            first.GetProperty("conversation").GetString(), line.GetProperty("conversation").GetString()));
        Assert.Equal("manifest.json", entries.Keys.Last());
    }

    [Fact]
    public async Task ExportUser_TimeIsOverOrSomethingIsErased_TheArchiveIsGone()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var (alice, _) = await PeopleAsync(project);
        var text = "text-" + Guid.NewGuid().ToString("N");
        await alice.SendMessageAsync("bob", text);
        var first = await app.Http.PostAsync("/api/data/exports", Keys(project, ("username", "alice"))).JsonAsync();
        await app.Get<ExportWork>().RunAsync(CancellationToken.None);
        Assert.Contains($"container exports: {text}", await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [text]));

        clock.Advance(ExportWork.Kept);
        await app.Get<ExportWork>().RunAsync(CancellationToken.None);
        Assert.Equal("expired", (await StateAsync(project, first)).GetProperty("state").GetString());
        await app.Http.PostAsync($"/api/data/exports/{first.GetProperty("id").GetString()}/link", Keys(project)).ProblemAsync("not_found");

        var second = await app.Http.PostAsync("/api/data/exports", Keys(project)).JsonAsync();
        await app.Get<ExportWork>().RunAsync(CancellationToken.None);
        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("username", "alice"))).JsonAsync();
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
        Assert.Equal("expired", (await StateAsync(project, second)).GetProperty("state").GetString());
        Assert.DoesNotContain(
            await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [text]),
            place => place.StartsWith("container", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EraseUser_ArchiveIsOlderThanHundredsOfOthers_IsGoneAllTheSame()
    {
        await using var app = await portal.StartAsync(new ShiftedTime());
        var project = await app.CreateProjectAsync();
        await PeopleAsync(project);
        var export = await app.Http.PostAsync("/api/data/exports", Keys(project)).JsonAsync();
        await app.Get<ExportWork>().RunAsync(CancellationToken.None);
        var store = app.Get<ExportStore>();
        var archive = (await store.FindAsync(project.Id, export.GetProperty("id").GetString()!, CancellationToken.None))!;
        await Task.WhenAll(Enumerable.Range(0, 210).Select(n => store.AddAsync(
            archive with { Id = $"0{n:D3}", State = ExportState.Expired, Version = default }, CancellationToken.None)));

        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("username", "alice"))).JsonAsync();
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);

        Assert.Equal(ExportState.Expired, (await store.FindAsync(project.Id, archive.Id, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task ExportProject_TwoProcessesAtOnce_OneArchiveIsWritten()
    {
        var clock = new ShiftedTime();
        await using var one = await portal.StartAsync(clock);
        await using var two = await portal.StartAsync(clock, one.TablePrefix);
        var project = await one.CreateProjectAsync();
        var (alice, _) = await PeopleAsync(project);
        await alice.SendFileAsync("bob", "a.bin", large);
        var asked = await one.Http.PostAsync("/api/data/exports", Keys(project)).JsonAsync();

        await Task.WhenAll(
            one.Get<ExportWork>().RunAsync(CancellationToken.None), two.Get<ExportWork>().RunAsync(CancellationToken.None));

        var entries = await ReadAsync(await DownloadAsync(project, asked));
        Assert.Equal(large, Assert.Single(entries, entry => entry.Key.EndsWith("_a.bin", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public async Task Exports_OfAProject_AreBoundedAndOnlyForItsKeys()
    {
        var app = backends.App;
        var (project, other) = (await app.CreateProjectAsync(), await app.CreateProjectAsync());
        await app.Http.PostAsync("/api/data/exports", Keys(project, ("username", "nobody"))).ProblemAsync("user_not_found");
        var asked = await app.Http.PostAsync("/api/data/exports", Keys(project)).JsonAsync();
        var id = asked.GetProperty("id").GetString();
        await app.Http.GetAsync($"/api/data/exports/{id}?projectid={other.Id}&authtoken={other.Token}").ProblemAsync("not_found");
        await app.Http.PostAsync($"/api/data/exports/{id}/link", Keys(other)).ProblemAsync("not_found");
        for (var n = 1; n < 5; n++)
        {
            await app.Http.PostAsync("/api/data/exports", Keys(project)).JsonAsync();
        }

        await app.Http.PostAsync("/api/data/exports", Keys(project)).ProblemAsync("limit_reached");
    }

    private static async Task<(TestSession Alice, TestSession Bob)> PeopleAsync(TestProject project) => (
        await (await project.CreateUserAsync("alice")).LogInAsync(), await (await project.CreateUserAsync("bob")).LogInAsync());

    private static async Task ReactAsync(TestSession user, JsonElement message, params string[] emojis)
    {
        var conversation = message.GetProperty("conversation").GetString();
        foreach (var emoji in emojis)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Put, $"/api/v1/conversations/{conversation}/messages/{message.GetProperty("sequence")}/reactions")
            {
                Content = JsonContent.Create(new { emoji }),
            };
            using var answer = await user.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task<byte[]> DownloadAsync(TestProject project, JsonElement export)
    {
        var link = await project.App.Http.PostAsync(
            $"/api/data/exports/{export.GetProperty("id").GetString()}/link", Keys(project)).JsonAsync();
        return await UploadClient.Storage.GetByteArrayAsync(link.GetProperty("url").GetString());
    }

    private static async Task<Dictionary<string, byte[]>> ReadAsync(byte[] archive)
    {
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var reader = new TarReader(new MemoryStream(archive));
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            if (entry.DataStream is { } data)
            {
                await data.CopyToAsync(content);
            }

            entries.Add(entry.Name, content.ToArray());
        }

        return entries;
    }

    private static List<JsonElement> Lines(Dictionary<string, byte[]> entries, string section) =>
        [.. entries.Where(entry => entry.Key.StartsWith(section + "/", StringComparison.Ordinal)
            && entry.Key.EndsWith(".jsonl", StringComparison.Ordinal))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SelectMany(entry => Encoding.UTF8.GetString(entry.Value).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static Task<JsonElement> StateAsync(TestProject project, JsonElement export) => project.App.Http.GetAsync(
        $"/api/data/exports/{export.GetProperty("id").GetString()}?projectid={project.Id}&authtoken={project.Token}").JsonAsync();

    private static FormUrlEncodedContent Keys(TestProject project, params (string Name, string Value)[] fields) => new(
        [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
