using Vox.Tests.Fixture;

namespace Vox.Tests;

/// <summary>Two people in two browsers.</summary>
public sealed class ConversationTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendMessage_BothOnline_SentDeliveredReadInOrder()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await using var a = await browser.LogInAsync(alice);
        await using var b = await browser.LogInAsync(bob);

        var answer = await a.CallAsync("chat.sendMessage", "bob", "Hello Bob", 1, 0, ChatPage.Callback, true);

        Assert.Equal((200, "OK", false), (answer.Code, answer.Phrase, answer.Inside));
        var id = answer.Returned.GetProperty("id").GetString()!;
        var message = await b.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal("alice", message.GetProperty("remoteUser").GetString());
        Assert.Equal("Hello Bob", message.GetProperty("data").GetString());
        Assert.Equal(id, message.GetProperty("id").GetString());
        Assert.Equal("Text", message.GetProperty("chattype").GetString());
        var delivered = await a.WaitForEventAsync("DELIVERED");
        Assert.Equal((id, "bob"), (delivered.GetProperty("id").GetString(), delivered.GetProperty("remoteUser").GetString()));

        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", "alice", id, ChatPage.Callback, true, "")).Code);

        var read = await a.WaitForEventAsync("READ");
        Assert.Equal((id, "bob"), (read.GetProperty("id").GetString(), read.GetProperty("remoteUser").GetString()));
        Assert.True(read.GetProperty("time").GetInt64() > 1_600_000_000_000);
        var types = (await a.EventsAsync()).EnumerateArray().Select(e => e.GetProperty("type").GetString());
        Assert.Equal(["SENT", "ACCEPTED", "DELIVERED", "READ"], types);
    }
}
