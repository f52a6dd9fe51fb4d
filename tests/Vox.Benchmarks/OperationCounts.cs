using System.Text.Json;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks;

/// <summary>Runs each operation many times against Azurite and the SignalR emulator, one after the other, and counts.</summary>
internal static class OperationCounts
{
    public const string Message = "1:1 message over the client API";
    public const string RestMessage = "1:1 message over REST, with password";
    public const string Receipt = "delivered and read receipt of a message";
    public const string LogIn = "log-in, contacts, conversations, live channel";
    public const string Refresh = "renewal of the access token";
    public const string Beat = "sign of life of a connection";
    public const string Page = "page of 50 messages";
    public const string Sync = "catching up after a break";
    public const string LogPage = "page of 50 of the project's log";

    private const int Times = 50;

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
            await MeasureAsync(Message, 1, async i => last = Sequence(await session.SendMessageAsync("bob", new string('x', 100)))),
            await MeasureAsync(RestMessage, 1, i => alice.SendChatAsync("bob", new string('x', 100))),
            await MeasureAsync(Receipt, 1, i => bob.PostJsonAsync(
                "/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = (long)i + 1, read = (long)i + 1 } } })),
            await MeasureAsync(LogIn, 4, async i =>
            {
                var mine = await others[i % others.Count].LogInAsync();
                await mine.GetJsonAsync("/api/v1/contacts");
                await mine.GetJsonAsync("/api/v1/conversations");
                (await mine.PostAsync($"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(mine.RealtimeUser)}")).EnsureSuccessStatusCode();
            }),
            await MeasureAsync(Refresh, 1, async i =>
            {
                var answer = await session.PostJsonAsync("/api/v1/sessions/refresh", new { refreshToken = session.RefreshToken });
                session = session with { RefreshToken = answer.GetProperty("refreshToken").GetString()! };
            }),
            WithNote(await MeasureAsync(Beat, 1, i => bob.PostJsonAsync("/api/v1/presence", new { connection = "c1" }))),
            await MeasureAsync(
                Page, 1, i => session.GetJsonAsync($"/api/v1/messages?conversation={Uri.EscapeDataString(conversation)}&size=50")),
            await MeasureAsync(Sync, 1, i => bob.PostJsonAsync(
                "/api/v1/sync",
                new { conversations = new Dictionary<string, long>(StringComparer.Ordinal) { [conversation] = last - 5 } })),
            await MeasureAsync(LogPage, 1, i => project.HistoryAsync()),
        ];

        async Task<Operation> MeasureAsync(string name, double executions, Func<int, Task> run)
        {
            // Runs once before the count, because what is read only the first time does not belong to the steady state.
            await run(0);
            await app.SettleAsync(project.Id);
            var (requests, sends) = (app.Storage.Count, app.Get<SignalRService>().Sent);
            for (var i = 1; i <= Times; i++)
            {
                await run(i);
                await app.SettleAsync(project.Id);
            }

            return new Operation(
                name, executions, (app.Storage.Count - requests) / (double)Times, (app.Get<SignalRService>().Sent - sends) / (double)Times);
        }
    }

    /// <summary>
    /// Every second sign of life moves the note of when the connection runs out (<c>PresenceExpiryTests</c>). Here they follow one
    /// another at once, and none does.
    /// </summary>
    private static Operation WithNote(Operation beat) => beat with { StorageRequests = beat.StorageRequests + 0.5 };

    private static long Sequence(JsonElement sent) => sent.GetProperty("sequence").GetInt64();
}
