using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.SignalREmulation;
using Vox.Tests.Conversations;
using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

/// <summary>What changes cost: a change is one transaction, as a send is, after one look at what it changes.</summary>
public sealed class ChangeCostTests(Backends backends)
{
    [Fact]
    public async Task Change_SteadyState_IsOneReadAndOneTransactionAndAsManyPushesAsASend()
    {
        var requests = new RequestLog();
        await using var signalR = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        await using var app = await VoxApp.StartAsync(
            backends,
            ["AzureSignalRConnectionString=" + signalR.ConnectionString],
            builder => builder.Services.AddSingleton<HttpPipelinePolicy>(requests));
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var message = await alice.SayAsync("bob", "warm");
        await alice.EditAsync(message, "first").JsonAsync();
        await bob.ReactAsync(message, "🍕").JsonAsync();
        await app.SettleAsync(project.Id);

        // At the same time the message and the legal holds, or the message and the user's own reaction. Then the transaction.
        string[] held = ["GET conversations", "GET holds"], own = ["GET conversations", "GET conversations"];
        await ExpectAsync(() => alice.EditAsync(message, "second"), [.. held, "POST conversations 4"]);
        await ExpectAsync(() => alice.ReactAsync(message, "👍"), [.. own, "POST conversations 5"]);
        await ExpectAsync(() => alice.UnreactAsync(message, "👍"), [.. own, "POST conversations 5"]);
        await ExpectAsync(() => alice.PinAsync(message), "GET conversations", "POST conversations 3");
        await ExpectAsync(() => alice.DeleteAsync(message), [.. held, "POST conversations 3"]);

        async Task ExpectAsync(Func<Task<HttpResponseMessage>> change, params string[] expected)
        {
            requests.Clear();
            var sends = signalR.Counters.Sends;
            var answer = await change().JsonAsync();
            Assert.False(answer.GetProperty("duplicate").GetBoolean());
            var made = requests.Requests.Take(expected.Length).ToList();
            Assert.Equal(expected, made.SkipLast(1).Order(StringComparer.Ordinal).Append(made[^1]));
            await app.SettleAsync(project.Id);
            Assert.Equal(2, signalR.Counters.Sends - sends);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", requests.Requests));
        }
    }

    [Fact]
    public async Task Page_WithEditsReactionsAndPins_CostsWhatItCostsWithoutThem()
    {
        var requests = new RequestLog();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(requests));
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        for (var n = 1; n <= 10; n++)
        {
            var message = await alice.SayAsync("bob", $"m{n}");
            await alice.EditAsync(message, $"edited {n}").JsonAsync();
            await bob.ReactAsync(message, "👍").JsonAsync();
            await alice.ReactAsync(message, "👍").JsonAsync();
            await bob.PinAsync(message).JsonAsync();
        }

        await app.SettleAsync(project.Id);
        await bob.GetJsonAsync("/api/v1/messages?with=alice");
        requests.Clear();
        var page = await bob.GetJsonAsync("/api/v1/messages?with=alice");
        Assert.Equal(["GET conversations"], requests.Requests);
        Assert.Equal(10, page.GetProperty("messages").EnumerateArray().Count(m => ChangeWorld.Reactions(m) == "👍2:bob,alice*"));
    }
}
