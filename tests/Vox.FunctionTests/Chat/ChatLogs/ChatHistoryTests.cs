using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.ChatLogs;

public sealed class ChatHistoryTests(Backends backends)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task History_UserNamedNull_IsFoundInQuotesAndTheWordAloneMeansNoFilter()
    {
        var project = await backends.App.CreateProjectAsync();
        var user = await project.CreateUserAsync("NULL");
        var bob = await project.CreateUserAsync("bob");
        await user.SendChatAsync("bob", "from NULL");
        await bob.SendChatAsync("NULL", "to NULL");

        Assert.Equal(2, (await project.HistoryAsync(query: "fromnumber=NULL&tonumber=NULL")).Count);
        Assert.Equal("from NULL", Assert.Single(await project.HistoryAsync(query: "fromnumber=%22NULL%22")).Data);
        Assert.Equal("to NULL", Assert.Single(await project.HistoryAsync(query: "tonumber=%22NULL%22&fromnumber=NULL")).Data);
    }

    [Fact]
    public async Task History_GuidesCurlExample_AnswersAsTheGuide()
    {
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Noon)));
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await alice.SendChatAsync("alice", "Test Message");

        var answer = await app.Http.GetAsync(
            $"/api/getchathistory?projectid={project.Id}&authtoken={project.Token}"
                + "&fromnumber=NULL&tonumber=NULL&starttime=NULL&endtime=NULL&offset=0&size=1").TextAsync();

        Assert.Equal(
            """{"data":{"message":[{"srcnumber":"alice","dstnumber":"alice","data":"Test Message","messagetime":"2026-03-14 12:00:00","groupname":""}]}}""",
            answer);
    }

    [Fact]
    public async Task History_OfAnEmptyProject_IsAnEmptyList()
    {
        var project = await backends.App.CreateProjectAsync();

        var answer = await backends.App.GetAsync("/api/getchathistory", Fields(project)).TextAsync();

        Assert.Equal("""{"data":{"message":[]}}""", answer);
    }

    [Fact]
    public async Task History_OfAnotherProject_IsNotShown()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();
        await (await project.CreateUserAsync("alice")).SendChatAsync("alice", "private");

        Assert.Empty(await other.HistoryAsync());
    }

    [Fact]
    public async Task History_OffsetAndSize_CountRecordsFromTheNewest()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        for (var i = 1; i <= 7; i++)
        {
            await alice.SendChatAsync("alice", $"{i}");
        }

        Assert.Equal(["7", "6", "5"], await DataAsync(project, 0, 3));
        Assert.Equal(["4", "3", "2"], await DataAsync(project, 3, 3));
        Assert.Equal(["1"], await DataAsync(project, 6, 3));
        Assert.Empty(await DataAsync(project, 7, 3));
        Assert.Empty(await DataAsync(project, int.MaxValue, 1_000));
        Assert.Equal(["7"], await DataAsync(project, 0, 1));
        Assert.Equal(7, (await DataAsync(project, 0, 1_000)).Count);
        Assert.Equal(["6", "5"], await DataAsync(project, 1, 2, "fromnumber=alice"));
        Assert.Empty(await DataAsync(project, 7, 2, "fromnumber=alice"));
    }

    /// <summary>
    /// Every combination of the four filters. Each filter is absent, the word NULL, empty, or set. The answer is compared with the same
    /// question asked in memory.
    /// </summary>
    [Fact]
    public async Task History_EveryCombinationOfFilters_ShowsExactlyWhatMatches()
    {
        var time = new FakeTimeProvider(Noon);
        await using var app = await VoxApp.StartAsync(backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var project = await app.CreateProjectAsync();
        string[] names = ["alice", "bob", "carol"];
        var users = new List<TestUser>();
        foreach (var name in names)
        {
            users.Add(await project.CreateUserAsync(name));
        }

        var sent = new List<(string From, string To, DateTimeOffset At, string Data)>();
        for (var i = 0; i < 18; i++)
        {
            var (from, to) = (users[i % 3], names[(i / 3) % 3]);
            await from.SendChatAsync(to, $"message {i}");
            sent.Add((from.LoginId, to, time.GetUtcNow(), $"message {i}"));
            time.Advance(TimeSpan.FromMilliseconds(700));
        }

        sent.Reverse();
        string?[] who = [null, "NULL", "", "alice", "nobody"];
        string?[] starts = [null, "NULL", At(0), At(4), At(60)];
        string?[] ends = [null, "NULL", At(-1), At(8), At(60)];
        foreach (var from in who)
        {
            foreach (var to in who[1..])
            {
                foreach (var start in starts)
                {
                    foreach (var end in ends)
                    {
                        if (Parse(start) > Parse(end))
                        {
                            continue;
                        }

                        var expected = sent.Where(m =>
                            (Name(from) is not { } f || m.From == f) && (Name(to) is not { } t || m.To == t)
                            && (Parse(start) is not { } s || m.At >= s) && (Parse(end) is not { } e || m.At < e.AddSeconds(1))).ToList();
                        foreach (var (offset, size) in new[] { (0, 1_000), (2, 3) })
                        {
                            var answer = await project.HistoryAsync(
                                offset,
                                size,
                                string.Join('&', Parts(("fromnumber", from), ("tonumber", to), ("starttime", start), ("endtime", end))));
                            Assert.True(
                                expected.Skip(offset).Take(size).Select(m => m.Data).SequenceEqual(answer.Select(row => row.Data)),
                                $"from {from} to {to} start {start} end {end} offset {offset}: "
                                    + $"{string.Join(", ", answer.Select(row => row.Data))}");
                            Assert.Equal(expected.Skip(offset).Take(size).Select(m => Text(m.At)), answer.Select(row => row.Time));
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public async Task History_AfterASend_ShowsItAtOnceInTheOrderOfSending()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        for (var i = 0; i < 10; i++)
        {
            await (i % 2 == 0 ? alice : bob).SendChatAsync(i % 2 == 0 ? "bob" : "alice", $"{i}");
            Assert.Equal($"{i}", (await project.HistoryAsync(size: 1))[0].Data);
        }
    }

    [Fact]
    public async Task History_ProjectThatSwitchedItsLogOff_StaysEmptyWhileTheMessageArrives()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await backends.App.Get<ProjectService>().UpdateAsync(project.Id, p => p with { LogEnabled = false }, CancellationToken.None);

        await alice.SendChatAsync("alice", "not logged");

        Assert.Empty(await project.HistoryAsync());
        var page = await (await alice.LogInAsync()).GetJsonAsync("/api/v1/messages?with=alice");
        Assert.Equal(1, page.GetProperty("lastSequence").GetInt64());
    }

    private static string At(int seconds) => Text(Noon.AddSeconds(seconds));

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string? Name(string? text) => text is null or "" or "NULL" ? null : text;

    private static DateTimeOffset? Parse(string? text) =>
        Name(text) is { } given ? DateTimeOffset.Parse(given + "Z", CultureInfo.InvariantCulture) : null;

    private static IEnumerable<string> Parts(params (string Name, string? Value)[] fields) =>
        fields.Where(f => f.Value is not null).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}");

    private static async Task<List<string>> DataAsync(TestProject project, int offset, int size, string query = "") =>
        (await project.HistoryAsync(offset, size, query)).ConvertAll(row => row.Data);

    private static Dictionary<string, string?> Fields(TestProject project) => new()
    {
        ["projectid"] = project.Id,
        ["authtoken"] = project.Token,
        ["offset"] = "0",
        ["size"] = "10",
    };
}
