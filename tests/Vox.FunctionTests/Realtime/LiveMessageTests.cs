using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

public sealed class LiveMessageTests(Backends backends)
{
    [Fact]
    public async Task SendChat_RecipientConnected_ArrivesLiveAndInHistory()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await using var live = await (await bob.LogInAsync()).ConnectAsync();

        await alice.SendChatAsync("bob", "Hello Bob");

        var message = await live.NextMessageAsync();
        Assert.Equal("Hello Bob", message.GetProperty("data").GetString());
        Assert.Equal("alice", message.GetProperty("from").GetString());
        Assert.Equal(1, message.GetProperty("sequence").GetInt64());
        var row = Assert.Single(await project.HistoryAsync());
        Assert.Equal(("alice", "bob", "Hello Bob", ""), (row.From, row.To, row.Data, row.Group));
    }
}
