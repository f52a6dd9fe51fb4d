using System.Text.Json;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Portal.Estimate;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks;

/// <summary>Runs each operation many times against Azurite and the SignalR emulator, one after the other, and counts.</summary>
internal static class OperationCounts
{
    private const int Times = 50;

    /// <summary>Fewer, because each needs a user or a connection of its own.</summary>
    private const int FewTimes = 20;

    public static async Task<IReadOnlyList<Operation>> CountAsync(Backends backends)
    {
        var app = backends.App;
        var project = await app.CreateProjectAsync("Costs");
        var alice = await project.CreateUserAsync("alice");
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var session = await alice.LogInAsync();

        // The steady state: the conversation and the tables exist, and the caches are warm.
        var conversation = (await session.SendMessageAsync("bob", "the first")).GetProperty("conversation").GetString()!;
        for (var i = 0; i < 60; i++)
        {
            await session.SendMessageAsync("bob", new string('x', 100));
        }

        // Several users log in. Otherwise each log-in would end a session, because the number of sessions per user is limited.
        var others = new List<TestUser>();
        for (var i = 0; i < 5; i++)
        {
            others.Add(await project.CreateUserAsync($"user{i}"));
        }

        await alice.SendChatAsync("bob", "warm");
        await bob.PostJsonAsync("/api/v1/presence", new { connection = "c1" });
        await app.SettleAsync(project.Id);

        var last = 0L;
        return
        [
            await MeasureAsync(
                CountedOperations.Message, 1,
                async i => last = Sequence(await session.SendMessageAsync("bob", new string('x', 100)))),
            await FirstMessageAsync(backends, project),
            await MeasureAsync(CountedOperations.RestMessage, 1, i => alice.SendChatAsync("bob", new string('x', 100))),
            await MeasureAsync(CountedOperations.Receipt, 1, i => bob.PostJsonAsync(
                "/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = (long)i + 1, read = (long)i + 1 } } })),
            await TypingAsync(project),
            await MeasureAsync(CountedOperations.LogIn, 4, async i =>
            {
                var mine = await others[i % others.Count].LogInAsync();
                await mine.GetJsonAsync("/api/v1/contacts");
                await mine.GetJsonAsync("/api/v1/conversations");
                (await mine.PostAsync($"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(mine.RealtimeUser)}")).EnsureSuccessStatusCode();
            }),
            await ConnectionAsync(app, project),
            await MeasureAsync(CountedOperations.Refresh, 1, async i =>
            {
                var answer = await session.PostJsonAsync("/api/v1/sessions/refresh", new { refreshToken = session.RefreshToken });
                session = session with { RefreshToken = answer.GetProperty("refreshToken").GetString()! };
            }),
            WithNote(await MeasureAsync(CountedOperations.Beat, 1, i => bob.PostJsonAsync("/api/v1/presence", new { connection = "c1" }))),
            await MeasureAsync(
                CountedOperations.Page, 1,
                i => session.GetJsonAsync($"/api/v1/messages?conversation={Uri.EscapeDataString(conversation)}&size=50")),
            await MeasureAsync(CountedOperations.Sync, 1, i => bob.PostJsonAsync(
                "/api/v1/sync",
                new { conversations = new Dictionary<string, long>(StringComparer.Ordinal) { [conversation] = last - 5 } })),
            await MeasureAsync(CountedOperations.LogPage, 1, i => project.HistoryAsync()),
        ];

        async Task<Operation> MeasureAsync(string name, double executions, Func<int, Task> run, int times = Times)
        {
            // Runs once before the count, because what is read only the first time does not belong to the steady state.
            await run(0);
            await app.SettleAsync(project.Id);
            var (requests, sends) = (app.Storage.Count, app.Get<SignalRServices>().Sent);
            for (var i = 1; i <= times; i++)
            {
                await run(i);
                await app.SettleAsync(project.Id);
            }

            return new Operation(
                name, executions, (app.Storage.Count - requests) / (double)times,
                (app.Get<SignalRServices>().Sent - sends) / (double)times);
        }
    }

    /// <summary>An instance that knows the users, but has not met the conversation.</summary>
    private static async Task<Operation> FirstMessageAsync(Backends backends, TestProject project)
    {
        var (from, others) = (await project.CreateUserAsync("writer"), new List<TestUser>());
        var session = await from.LogInAsync();
        for (var i = 0; i <= FewTimes; i++)
        {
            others.Add(await project.CreateUserAsync($"reader{i}"));
            await session.SendMessageAsync($"reader{i}", "the conversation exists");
        }

        await project.App.SettleAsync(project.Id);
        await using var fresh = await VoxApp.StartAsync(backends, tablePrefix: project.App.TablePrefix);
        var there = session with { App = fresh };
        await there.SendMessageAsync($"reader{FewTimes}", "warm");
        await fresh.SettleAsync(project.Id);
        var (requests, sends) = (fresh.Storage.Count, fresh.Get<SignalRServices>().Sent);
        for (var i = 0; i < FewTimes; i++)
        {
            await there.SendMessageAsync($"reader{i}", new string('x', 100));
            await fresh.SettleAsync(project.Id);
        }

        return new Operation(
            CountedOperations.FirstMessage, 1, (fresh.Storage.Count - requests) / (double)FewTimes,
            (fresh.Get<SignalRServices>().Sent - sends) / (double)FewTimes);
    }

    /// <summary>
    /// The service tells the app, which passes it on: one message each. Each user types once here, to one who has typed to them: what is
    /// typed to the same user again within a second is not passed on.
    /// </summary>
    private static async Task<Operation> TypingAsync(TestProject project)
    {
        var requests = 0L;
        for (var i = 0; i < FewTimes; i++)
        {
            var (from, to) = (await (await project.CreateUserAsync($"typist{i}")).LogInAsync(), $"hears{i}");
            var other = await (await project.CreateUserAsync(to)).LogInAsync();
            await from.SendMessageAsync(to, "the conversation exists");
            await other.SendMessageAsync($"typist{i}", "so it does");
            await using var live = await from.ConnectAsync();
            await using var reader = await other.ConnectAsync();
            await reader.Connection.SendCoreAsync("typing", [new { to = $"typist{i}" }]);
            await live.NextAsync("typing");
            await project.App.SettleAsync(project.Id);
            var before = project.App.Storage.Count;
            await live.Connection.SendCoreAsync("typing", [new { to }]);
            await reader.NextAsync("typing");
            requests += project.App.Storage.Count - before;
        }

        return new Operation(CountedOperations.Typing, 1, requests / (double)FewTimes, 2);
    }

    /// <summary>Beginning and end are told to the app, one message each, and to the contacts who are online.</summary>
    private static async Task<Operation> ConnectionAsync(VoxApp app, TestProject project)
    {
        var user = await (await project.CreateUserAsync("comes")).LogInAsync();
        await using var first = await ContactAsync();
        await using var second = await ContactAsync();
        await using var third = await ContactAsync();
        var (requests, sends) = (0L, 0L);
        for (var i = 0; i <= FewTimes; i++)
        {
            await app.SettleAsync(project.Id);
            var before = (app.Storage.Count, app.Get<SignalRServices>().Sent);
            await using (await user.ConnectAsync())
            {
                await first.NextAsync("presence");
            }

            await first.NextAsync("presence");
            await app.SettleAsync(project.Id);
            if (i > 0)
            {
                requests += app.Storage.Count - before.Count;
                sends += app.Get<SignalRServices>().Sent - before.Sent;
            }
        }

        return new Operation(CountedOperations.Connection, 2, requests / (double)FewTimes, (sends / (double)FewTimes) + 2);

        async Task<LiveClient> ContactAsync()
        {
            var contact = await (await project.CreateUserAsync(Guid.NewGuid().ToString("N"))).LogInAsync();
            await contact.PostJsonAsync("/api/v1/contacts", new { id = "comes" });
            return await contact.ConnectAsync();
        }
    }

    /// <summary>
    /// Every second sign of life moves the note of when the connection runs out (<c>PresenceExpiryTests</c>). Here they follow one
    /// another at once, and none does.
    /// </summary>
    private static Operation WithNote(Operation beat) => beat with { StorageRequests = beat.StorageRequests + 0.5 };

    private static long Sequence(JsonElement sent) => sent.GetProperty("sequence").GetInt64();
}
