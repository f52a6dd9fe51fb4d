using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Backups;

public sealed class BroadcastFailoverTests(Backends backends, SecondAccount second) : IClassFixture<SecondAccount>
{
    /// <summary>The members' rows are of a later moment than the head: they are in another table.</summary>
    [Fact]
    public async Task Failover_ThatLostABroadcastGroupsLastMessages_NewOnesAreUnreadAndSeenByAllMembers()
    {
        var world = new BackupWorld(backends, second);
        GroupWorld users;
        ConversationKey key;
        await using (var app = await world.StartAsync())
        {
            users = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol", "dave", "erin");
            var group = GroupWorld.Text(
                await users["alice"].PostJsonAsync(
                    "/api/v1/groups", new { name = "News", broadcast = true, members = new[] { "bob", "dave", "erin" } }),
                "id");
            key = new ConversationKey(users.Project.Id, group);
            Assert.True(key.IsBroadcast);
            for (var n = 1; n <= 5; n++)
            {
                Assert.Equal("ok", await users.SendAsync("alice", group, $"text {n}"));
            }

            // In the minutes that are lost bob reads, carol joins and dave clears. Erin has read less than what is left.
            await ReadAsync(users["bob"], group, 5);
            Assert.Equal("ok", await users.AddAsync("alice", group, "carol"));
            await users["dave"].PostAsync($"/api/v1/conversations/{group}/clear", new { }).TextAsync();
            await ReadAsync(users["erin"], group, 2);
            await app.SettleAsync(users.Project.Id);
            var head = new TableEntity(key.Partition, ChatKeys.HeadRow) { ["LastSequence"] = 3L };
            await app.Get<StorageClients>().ProjectTable("conversations").TryMergeAsync(head, ETag.All, CancellationToken.None);
        }

        var later = new ShiftedTime();
        later.Advance(TimeSpan.FromMinutes(1));
        await using (var restoring = await VoxApp.StartAsync(
            backends, ["Backup:Restoring=true"], builder => builder.Services.AddSingleton<TimeProvider>(later), world.Prefix))
        {
            await BackupWorld.BeginAsync(restoring, "failover");
            await BackupWorld.FinishAsync(restoring);
        }

        await using var after = await VoxApp.StartAsync(backends, tablePrefix: world.Prefix);
        users = users with { Sessions = users.Sessions.ToDictionary(user => user.Key, user => user.Value with { App = after }) };
        var marks = after.Get<AudienceStore>();
        Assert.Equal((3, 3), await MarkAsync("bob"));
        Assert.Equal((2, 2), await MarkAsync("erin"));
        Assert.Equal(3, (await marks.FindAsync(key, "carol", CancellationToken.None))!.JoinedSequence);
        Assert.Equal(3, (await marks.FindAsync(key, "dave", CancellationToken.None))!.Mark.State.ClearedThrough);

        Assert.Equal("ok", await users.SendAsync("alice", key.Id, "after it"));
        Assert.Equal(["text 1", "text 2", "text 3", "after it"], await users.TextsAsync("bob", key.Id));
        Assert.Equal("after it", (await users.TextsAsync("carol", key.Id))[^1]);
        Assert.Equal(["after it"], await users.TextsAsync("dave", key.Id));
        foreach (var (id, unread) in new[] { ("bob", 1), ("carol", 1), ("dave", 1), ("erin", 2) })
        {
            var listed = (await users[id].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray()
                .Single(found => GroupWorld.Text(found, "conversation") == key.Id);
            Assert.Equal((id, unread), (id, listed.GetProperty("unread").GetInt32()));
        }

        async Task<(long, long)> MarkAsync(string id) =>
            (await marks.FindAsync(key, id, CancellationToken.None))!.Mark is var mark ? (mark.Delivered, mark.Read) : default;
    }

    private static Task<string> ReadAsync(TestSession session, string conversation, int sequence) => session.PostAsync(
        "/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = sequence, read = sequence } } }).TextAsync();
}
