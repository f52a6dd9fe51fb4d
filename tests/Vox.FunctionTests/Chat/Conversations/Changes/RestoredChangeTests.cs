using Azure;
using Azure.Data.Tables;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

public sealed class RestoredChangeTests(Backends backends)
{
    /// <summary>A copy was made in the middle: the head is of before the last changes, the other rows are of after them.</summary>
    [Fact]
    public async Task Check_RowsOfChangesAfterTheHead_AreRemovedAndTheNextChangeIsTheNewest()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var message = await alice.SayAsync("bob", "one");
        await alice.EditAsync(message, "two").JsonAsync();
        await alice.EditAsync(message, "three", "e2").JsonAsync();
        await bob.ReactAsync(message, "👍").JsonAsync();
        await app.SettleAsync(project.Id);
        var key = new ConversationKey(project.Id, ChangeWorld.ConversationOf(message));
        var table = app.Get<StorageClients>().ProjectTable("conversations");
        await table.TryMergeAsync(
            new TableEntity(key.Partition, ChatKeys.HeadRow) { ["LastChange"] = 1L }, ETag.All, CancellationToken.None);

        for (CheckPosition? next = new(); next is { } position;)
        {
            (next, _) = await app.Get<ConversationCheckStore>().CheckPageAsync(
                position, project.Id, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1, [], CancellationToken.None);
        }

        Assert.Equal(1, await app.Get<ChangeStore>().FindLastAsync(key));
        Assert.Null(await app.Get<ChangeStore>().FindReactionAsync(key, bob.Identity.Uid, 1, "👍"));
        Assert.Equal(1, (await bob.SeeAsync(message)).Number("change"));
        Assert.True((await bob.GetJsonAsync($"/api/v1/conversations/{key.Id}/changes?after=3")).GetProperty("reset").GetBoolean());
        var edited = await alice.EditAsync(message, "four", "e2").JsonAsync();
        Assert.Equal(2, edited.Number("change"));
        Assert.False(edited.GetProperty("duplicate").GetBoolean());
    }

    /// <summary>A release that knows nothing of changes replaces the head when somebody blocks somebody.</summary>
    [Fact]
    public async Task Edit_NumberOfChangesWasLostFromTheHead_GoesOnBehindTheLastOneOnRecord()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var (project, alice, _) = await ChangeWorld.CreateAsync(app);
        var message = await alice.SayAsync("bob", "one");
        await alice.EditAsync(message, "two").JsonAsync();
        await alice.EditAsync(message, "three").JsonAsync();
        var key = new ConversationKey(project.Id, ChangeWorld.ConversationOf(message));
        await app.Get<ConversationStore>().ChangeHeadAsync(
            key, head => head! with { LastChange = 0 }, CancellationToken.None);

        Assert.Equal(3, (await alice.EditAsync(message, "four").JsonAsync()).Number("change"));
    }
}
