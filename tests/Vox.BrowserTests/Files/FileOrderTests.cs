using Microsoft.Playwright;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Whatever is faster, the answer to a call or the live connection: an app hears of a file in the same order.</summary>
public sealed class FileOrderTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendFile_AnswerIsSlowerThanTheReceipts_CallbackSentDeliveredReadInThisOrder()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        await bob.EvaluateAsync("""
            CS.chat.onMessage((type, p) => type === "NEW-MESSAGE" && CS.chat.sendRead("alice", p.id, () => { window.told = true; }));
            """);
        var answered = new TaskCompletionSource<(IRoute Route, IAPIResponse Response)>();
        await alice.Page.RouteAsync("**/api/v1/files/*/complete", async route => answered.TrySetResult((route, await route.FetchAsync())));

        await alice.EvaluateAsync("""
            () => {
              window.seen = [];
              CS.chat.onMessage(type => ["SENT", "DELIVERED", "READ"].includes(type) && seen.push(type));
              CS.chat.sendFile("bob", 7, "text/plain", undefined, new File(["hello"], "a.txt"), true, () => seen.push("callback"));
            }
            """);
        var (held, response) = await answered.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await bob.WaitForAsync("window.told");
        await alice.WaitForAsync("seen.includes('READ')");
        await held.FulfillAsync(new() { Response = response });

        await alice.WaitForAsync("seen.includes('SENT')");
        Assert.Equal("callback,SENT,DELIVERED,READ", await alice.EvaluateAsync<string>("seen.join()"));
    }
}
