using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Tests.Fixture;

namespace Vox.Tests.Model;

public sealed class LogReadingTests(Backends backends)
{
    private const int Rows = 3_300;

    [Fact]
    public async Task Read_AnyFilterAndOffset_AsAListInMemoryAnswers()
    {
        var random = new DeterministicRandom(TestRun.Seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"VOX_SEED={TestRun.Seed}");
        var app = backends.App;
        var project = await app.CreateProjectAsync();
        var began = TimeProvider.System.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds();
        var model = await FillAsync(app, project.Id, began, random);
        model.Reverse();
        var reader = app.Get<ChatLogReader>();
        for (var query = 0; query < (TestRun.IsLong ? 2_000 : 120); query++)
        {
            // Often this is exactly the time of a row, and often of a row at the edge of a block.
            long Time() => random.Next(0, 3) switch
            {
                0 => model[random.Next(0, Rows)].LoggedAt + random.Next(-1, 2),
                1 => model[Rows - 1 - Math.Min(Rows - 1, (random.Next(0, 4) * 1_000) + random.Next(0, 3))].LoggedAt + random.Next(-1, 2),
                _ => began + random.Next(-100_000, 1_900_000),
            };
            var filter = new ChatLogFilter(
                random.Next(0, 3) == 0 ? $"user{random.Next(0, 5)}" : null,
                random.Next(0, 3) == 0 ? $"user{random.Next(0, 5)}" : null,
                random.Next(0, 2) == 0 ? Time() : null,
                random.Next(0, 2) == 0 ? Time() : null);
            var (offset, size) = (random.Next(0, 3) == 0 ? 0 : random.Next(0, 1_500), random.Next(1, 400));

            var page = await reader.ReadAsync(project.Id, filter, offset, size, CancellationToken.None);

            var expected = model
                .Where(row => (filter.From is null || row.From == filter.From) && (filter.To is null || row.To == filter.To)
                    && !(row.LoggedAt < filter.Start) && !(row.LoggedAt > filter.End))
                .Skip(offset).Take(size).Select(row => row.Position);
            Assert.True(expected.SequenceEqual(page.Select(row => row.Position)), $"query {query}: {filter}, offset {offset}, size {size}");
        }
    }

    [Fact]
    public async Task Log_WritersWhoseClocksDiffer_TimesNeverFallAndEachMessageOnce()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var right = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        await using var early = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(new ShiftedClock(TimeSpan.FromSeconds(-20))),
            tablePrefix: prefix);
        var project = await right.CreateProjectAsync();
        var users = new List<TestUser>();
        for (var i = 0; i < 4; i++)
        {
            users.Add(await project.CreateUserAsync($"user{i}"));
        }

        // Messages through both apps, each pair in its own conversation, past the end of a block.
        await FillAsync(
            right, project.Id, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000, new DeterministicRandom(1), 950);
        await Task.WhenAll(Enumerable.Range(0, 80).Select(n => Task.Run(async () =>
        {
            using var response = await users[n % 4].PostChatAsync($"user{(n + 1) % 4}", $"text {n}", $"m{n}", n % 2 == 0 ? right : early);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        })));
        await right.SettleAsync(project.Id);
        await early.SettleAsync(project.Id);

        var log = await right.ReadLogAsync(project.Id);
        Assert.Equal(1_030, log.Count);
        Assert.Equal(Enumerable.Range(0, 80).Select(n => $"text {n}").Order(), log.Skip(950).Select(row => row.Data).Order());
    }

    /// <summary>Writes rows through the log's own queue. Their times jump, like those of writers with different clocks.</summary>
    /// <returns>What must be in the log, oldest first.</returns>
    private static async Task<List<ChatLogEntry>> FillAsync(
        VoxApp app, string projectId, long began, DeterministicRandom random, int rows = Rows)
    {
        var writer = app.Get<ChatLogWriter>();
        var end = await writer.KnownEndAsync(projectId, CancellationToken.None);
        var model = new List<ChatLogEntry>();
        var key = new ConversationKey(projectId, "dtest");
        var (time, last) = (began, 0L);
        for (var n = 0; n < rows; n++)
        {
            // Several rows at the same time, gaps, and steps back in time.
            time += random.Next(0, 4) == 0 ? 0 : random.Next(0, 1_000);
            var sentAt = time + random.Next(-3_000, 3_000);
            var draft = new MessageDraft(
                $"{n}", $"user{random.Next(0, 5)}", "uid", $"user{random.Next(0, 5)}", MessageType.Text, "text/plain", $"fill {n}", "", 4,
                0, 0);
            last = Math.Max(last, sentAt);
            model.Add(new ChatLogEntry(n, last, key.Id, n + 1, draft.Id, draft.From, draft.To, 1, draft.Data));
            var work = writer.Begin();
            Assert.True(writer.TryAdd(new PendingEntry(key, new Message(n + 1, sentAt, draft), end, work)));
            work.Done();
        }

        await writer.DrainAsync(projectId);
        return model;
    }

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
