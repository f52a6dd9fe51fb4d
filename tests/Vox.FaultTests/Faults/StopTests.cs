using System.Collections.Concurrent;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

public sealed class StopTests(Backends backends)
{
    [Fact]
    [Promise("VOX-M1")]
    public async Task Stop_WhileSending_AcknowledgedIsLoggedAndNoMarkStays()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var wire = new Wire((await alice.LogInAsync()).AccessToken);
        var key = await alice.ConversationOfAsync(bob);
        for (var round = 0; round < (TestRun.IsLong ? 30 : 3); round++)
        {
            // The log is always behind, so that at the stop something is not logged yet.
            var slow = new StorageFaults
            {
                Delay = request => TimeSpan.FromMilliseconds(request.Contains("chatlog", StringComparison.Ordinal) ? 300 : 0)
            };
            var app = await VoxApp.StartAsync(
                backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(slow), tablePrefix: prefix);
            using var http = new HttpClient { BaseAddress = app.Address };
            var acknowledged = new ConcurrentDictionary<string, long>();
            var senders = Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
            {
                for (var n = 0; await wire.SendAsync(http, "bob", "text", $"r{round}-s{sender}-{n}") is { } sent; n++)
                {
                    acknowledged[sent.Id] = sent.Sequence;
                }
            })).ToList();
            await Task.Delay(Random.Shared.Next(300, 900));
            await app.DisposeAsync();
            await Task.WhenAll(senders);

            // The log must be complete at once and without any repair.
            var messages = await observer.ReadConversationAsync(key);
            var sequences = messages.ToDictionary(message => message.Id, message => message.Sequence);
            Assert.NotEmpty(acknowledged);
            Assert.All(acknowledged, ack => Assert.Equal(ack.Value, sequences[ack.Key]));
            await observer.AssertLogIsAsync(project.Id, messages.Select(message => (key, message)), seconds: 0);
            Assert.Empty(await observer.Get<ChatLogMarkStore>().ListWritersAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task Idle_ForMinutes_TakesItsNameOffTheListAndComesBackWithTheNextMessage()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (project, send) = await SenderAsync(app);
        await send("one");
        await app.SettleAsync(project.Id);
        var marks = app.Get<ChatLogMarkStore>();
        var writer = Assert.Single(await marks.ListWritersAsync(CancellationToken.None));
        Assert.Single(await marks.ListMarksAsync(writer.Id, CancellationToken.None));

        await AdvanceUntilAsync(clock, async () => (await marks.ListWritersAsync(CancellationToken.None)).Count == 0);

        Assert.Empty(await marks.ListMarksAsync(writer.Id, CancellationToken.None));
        await send("two");
        await app.SettleAsync(project.Id);
        var next = Assert.Single(await marks.ListWritersAsync(CancellationToken.None));
        Assert.NotEqual(writer.Id, next.Id);
        Assert.Equal(["one", "two"], (await app.ReadLogAsync(project.Id)).Select(entry => entry.Data));
    }

    [Fact]
    public async Task SayAlive_NameWasTakenOffTheList_ComesBackUnderAnotherWithItsMarks()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (project, send) = await SenderAsync(app);
        await send("one");
        await app.SettleAsync(project.Id);
        var marks = app.Get<ChatLogMarkStore>();
        var writer = Assert.Single(await marks.ListWritersAsync(CancellationToken.None));

        // The repair does this for a process that was silent.
        await marks.RemoveAsync(writer.Id, CancellationToken.None);
        await AdvanceUntilAsync(clock, () => Task.FromResult(!app.Get<ChatLogWriter>().IsMine(writer.Id)));
        await send("two");

        var next = Assert.Single(await marks.ListWritersAsync(CancellationToken.None));
        Assert.NotEqual(writer.Id, next.Id);
        Assert.Single(await marks.ListMarksAsync(next.Id, CancellationToken.None));
    }

    [Fact]
    public async Task ManyConversations_GoesOnUnderANewNameAndForgetsTheOld()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(
            backends, ["ChatLog:MaxMarks=1"], builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (project, send) = await SenderAsync(app);
        await send("one");
        var marks = app.Get<ChatLogMarkStore>();
        var first = Assert.Single(await marks.ListWritersAsync(CancellationToken.None));

        await AdvanceUntilAsync(clock, () => Task.FromResult(!app.Get<ChatLogWriter>().IsMine(first.Id)));
        await send("two");

        var names = (await marks.ListWritersAsync(CancellationToken.None)).ConvertAll(writer => writer.Id);
        Assert.Equal(2, names.Union([first.Id]).Count());
        await app.SettleAsync(project.Id);
        await AdvanceUntilAsync(
            clock, async () => (await marks.ListWritersAsync(CancellationToken.None)).TrueForAll(writer => writer.Id != first.Id));
        Assert.Empty(await marks.ListMarksAsync(first.Id, CancellationToken.None));
        Assert.Equal(["one", "two"], (await app.ReadLogAsync(project.Id)).Select(entry => entry.Data));
    }

    [Fact]
    public async Task ManyConversations_OldNameHasSomethingUnlogged_ItsMarksStay()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var logging = new TaskCompletionSource();
        var held = new StorageFaults();
        await using var app = await VoxApp.StartAsync(
            backends, ["ChatLog:MaxMarks=1"],
            builder => builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<HttpPipelinePolicy>(held));
        var (project, send) = await SenderAsync(app);
        var marks = app.Get<ChatLogMarkStore>();
        await send("warm up");
        await app.SettleAsync(project.Id);
        held.Hold = request => request.Contains("chatlog", StringComparison.Ordinal) ? logging.Task : Task.CompletedTask;
        await send("one");
        var writers = await marks.ListWritersAsync(CancellationToken.None);

        await AdvanceUntilAsync(clock, () => Task.FromResult(!app.Get<ChatLogWriter>().IsMine(writers[^1].Id)));
        await AdvanceAsync(clock, app, 20);

        Assert.NotEmpty(await marks.ListMarksAsync(writers[^1].Id, CancellationToken.None));
        logging.SetResult();
        await app.SettleAsync(project.Id);
        await AdvanceUntilAsync(clock, async () => (await marks.ListMarksAsync(writers[^1].Id, CancellationToken.None)).Count == 0);
        Assert.Empty(await marks.ListMarksAsync(writers[^1].Id, CancellationToken.None));
    }

    /// <summary>Advances from heartbeat to heartbeat, and lets each one finish.</summary>
    private static async Task AdvanceAsync(FakeTimeProvider clock, VoxApp app, int seconds)
    {
        for (var passed = 0; passed < seconds; passed += 10)
        {
            var before = app.Storage.Count;
            clock.Advance(TimeSpan.FromSeconds(10));
            for (var wait = 0; wait < 20 && app.Storage.Count == before; wait++)
            {
                await Task.Delay(5);
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Advances from heartbeat to heartbeat until the expected result is there. Fails after an hour on the app's clock.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, Func<Task<bool>> isDone)
    {
        for (var passed = 0; passed < 360; passed++)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            for (var look = 0; look < 5; look++)
            {
                if (await isDone())
                {
                    return;
                }

                await Task.Delay(20);
            }
        }

        Assert.Fail("It did not happen.");
    }

    private static async Task<(TestProject Project, Func<string, Task<SentMessage>> Send)> SenderAsync(VoxApp app)
    {
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var stored = await app.Get<ProjectService>().GetAsync(project.Id, CancellationToken.None);
        var uid = (await app.Get<UserStore>().FindAsync(new(project.Id, "alice"), CancellationToken.None))!.Uid;
        return (project, text => app.Get<MessageService>().SendMessageAsync(
            stored, new Sender("alice", uid), new SendMessageRequest("bob", text), CancellationToken.None));
    }
}
