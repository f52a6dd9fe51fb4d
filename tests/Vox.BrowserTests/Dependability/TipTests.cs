using System.Text.Json;
using Microsoft.Playwright;
using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>The SDK carries the newest tip of a conversation, whoever wrote last; apps do not see it.</summary>
public sealed class TipTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendMessage_InAConversation_CarriesTheTipOfTheMessageBefore()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var calls = new List<(string? Sent, string? Answered)>();
        foreach (var page in new[] { couple.Alice.Page, couple.Bob.Page })
        {
            await page.RouteAsync("**/api/v1/messages", async route =>
            {
                var answer = await route.FetchAsync();
                calls.Add((Tip(route.Request.PostData!), Tip(await answer.TextAsync())));
                await route.FulfillAsync(new RouteFulfillOptions { Response = answer });
            });
        }

        Assert.Equal(200, (await couple.Alice.CallAsync("chat.sendMessage", "bob", "one", 1, true, ChatPage.Callback)).Code);
        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(200, (await couple.Bob.CallAsync("chat.sendMessage", "alice", "two", 1, true, ChatPage.Callback)).Code);
        await couple.Alice.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(200, (await couple.Alice.CallAsync("chat.sendMessage", "bob", "three", 1, true, ChatPage.Callback)).Code);
        // The callback comes when the message is on its way, this event when it is stored.
        await couple.Alice.WaitForAsync("events.filter(e => e.type === 'ACCEPTED').length === 2", 30);

        Assert.Equal([null, calls[0].Answered, calls[1].Answered], calls.Select(call => call.Sent));
        Assert.Equal(3, calls.Select(call => call.Answered).OfType<string>().Distinct(StringComparer.Ordinal).Count());
        Assert.False(message.TryGetProperty("tip", out _));
    }

    private static string? Tip(string json) =>
        JsonSerializer.Deserialize<JsonElement>(json).TryGetProperty("tip", out var tip) ? tip.GetString() : null;
}
