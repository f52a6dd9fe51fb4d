using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Files;

/// <summary>A media address shows what its user may see at the moment.</summary>
public sealed class MediaAccessTests(Backends backends)
{
    [Fact]
    public async Task GetMedia_FileOfAConversation_IsForItsTwoUsersOnly()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol");

        var key = await SendAsync(world["alice"], "bob");

        Assert.True(await SeesAsync(world["alice"], key));
        Assert.True(await SeesAsync(world["bob"], key));
        Assert.True(await SeesAsync(world["bob"], "thumb_" + key));
        Assert.False(await SeesAsync(world["carol"], key));
        Assert.False(await SeesAsync(world["carol"], "thumb_" + key));
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("left")]
    [InlineData("deleted")]
    public async Task GetMedia_MembershipOrGroupIsGone_IsNotFound(string what)
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        var key = await SendAsync(world["alice"], group);
        var address = await world["bob"].MediaPrefixAsync() + key;
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(address));

        Assert.Equal("ok", await (what switch
        {
            "removed" => world.RemoveAsync("alice", group, "bob"),
            "left" => world.LeaveAsync("bob", group),
            _ => world.DeleteAsync("alice", group),
        }));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(address));
        Assert.Equal(what != "deleted", await SeesAsync(world["carol"], key));

        // They cannot get it back by forwarding what they know.
        using var forwarded = await world["bob"].PostAsync("/api/v1/messages", new { to = "bob", data = key, type = 4 });
        Assert.True(forwarded.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(address));
    }

    [Fact]
    public async Task GetMedia_FileWasForwarded_IsSeenByThoseWhoGotIt()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol", "dave");
        var group = await world.CreateGroupAsync("bob", "dave");
        var key = await SendAsync(world["alice"], "bob");

        await world["bob"].PostJsonAsync("/api/v1/messages", new { to = "carol", data = key, type = 4, thumbnail = "thumb_" + key });
        Assert.True(await SeesAsync(world["carol"], key));
        Assert.False(await SeesAsync(world["dave"], key));

        await world["carol"].PostJsonAsync("/api/v1/messages", new { to = "bob", data = "no file at all", type = 7 });
        await world["bob"].PostJsonAsync("/api/v1/messages", new { to = group, data = key, type = 4 });
        Assert.True(await SeesAsync(world["dave"], "thumb_" + key));
        Assert.Equal("ok", await world.LeaveAsync("dave", group));
        Assert.False(await SeesAsync(world["dave"], key));
    }

    [Fact]
    public async Task GetMedia_ForwardWasRefused_SharesNothing()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "mallory", "bob");
        var group = await world.CreateGroupAsync("alice", "mallory");
        var key = await SendAsync(world["alice"], group);
        Assert.Equal("ok", await GroupWorld.CodeAsync(world["bob"].PostAsync("/api/v1/blocks", new { id = "mallory" })));

        Assert.Equal("403 blocked", await ForwardAsync("bob"));
        Assert.StartsWith("404", await ForwardAsync(ConversationKey.NewGroup(world.Project.Id).Id), StringComparison.Ordinal);

        Assert.Equal("ok", await world.RemoveAsync("alice", group, "mallory"));
        Assert.False(await SeesAsync(world["bob"], key));
        Assert.False(await SeesAsync(world["mallory"], key));

        Task<string> ForwardAsync(string to) =>
            GroupWorld.CodeAsync(world["mallory"].PostAsync("/api/v1/messages", new { to, data = key, type = 4 }));
    }

    [Fact]
    public async Task GetMedia_ForwardedToManyGroupsOfOthers_CostsAStrangerNoMore()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "eve");
        var key = await SendAsync(world["alice"], "alice");
        for (var i = 0; i < 10; i++)
        {
            var group = await world.CreateGroupAsync("alice");
            await world["alice"].PostJsonAsync("/api/v1/messages", new { to = group, data = key, type = 4 });
        }

        var address = await world["eve"].MediaPrefixAsync() + key;
        await using var app = await VoxApp.StartAsync(backends, tablePrefix: backends.App.TablePrefix);
        var other = new Uri(app.Address, new Uri(address).PathAndQuery).ToString();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(other));
        var before = app.Storage.Count;
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(other));
        Assert.InRange(app.Storage.Count - before, 1, 3);
    }

    [Fact]
    public async Task GetMedia_TokenThatStoodInFormerAddresses_SignsNothing()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var former = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        await new TableServiceClient(backends.StorageConnection).GetTableClient(app.TablePrefix + "media").UpsertEntityAsync(
            new TableEntity(world.Project.Id, "media") { ["Token"] = former }, TableUpdateMode.Replace, CancellationToken.None);
        var key = await SendAsync(world["alice"], "bob");
        Assert.True(await SeesAsync(world["bob"], key));

        foreach (var viewer in new[] { "", "|x" })
        {
            byte[] forged = [.. HMACSHA256.HashData(Encoding.UTF8.GetBytes(former), Encoding.UTF8.GetBytes(viewer))[..16],
                .. Encoding.UTF8.GetBytes(viewer)];
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(Address(Base64Url.EncodeToString(forged))));
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(Address(former)));

        string Address(string token) => new Uri(app.Address, $"/media/{world.Project.Id}/{token}/{key}").ToString();
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("disabled")]
    public async Task GetMedia_UserIsGoneOrDisabled_IsNotFoundForPicturesToo(string what)
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var photo = await world["alice"].SendFileAsync(null, "me.png", Pictures.Png(20, 20), 4, kind: "photo");
        var address = await world["bob"].MediaPrefixAsync() + photo.GetProperty("key").GetString();
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(address));

        if (what == "deleted")
        {
            using var deleted = await world.Project.DeleteUserAsync("bob");
            Assert.True(deleted.IsSuccessStatusCode);
        }
        else
        {
            await backends.App.Get<UserService>().ChangeAsync(
                await world.Project.ReadAsync(), "bob", null, disabled: true, CancellationToken.None);
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(address));
    }

    [Fact]
    public async Task GetMedia_PictureOfAUser_IsForEverybodyInTheProject()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");

        var photo = await world["alice"].SendFileAsync(null, "me.png", Pictures.Png(20, 20), 4, kind: "photo");
        var key = photo.GetProperty("key").GetString()!;

        Assert.True(await SeesAsync(world["bob"], key));
    }

    /// <summary>The original's <c>setProfile</c> takes the key of a picture that the app has sent, often to the user themselves.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetMedia_SentPictureBecameThatOfAUserOrGroup_IsForEverybodyInTheProject(bool ofGroup)
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "mallory");
        var (own, others) = (await SendAsync(world["alice"], "alice"), await SendAsync(world["bob"], "alice"));
        Assert.False(await SeesAsync(world["mallory"], own));

        foreach (var photo in new[] { others, "thumb_" + own })
        {
            using var set = ofGroup
                ? await world["alice"].PostAsync("/api/v1/groups", new { name = "Friends", members = Array.Empty<string>(), photo })
                : await world.CallAsync("alice", HttpMethod.Put, "/api/v1/profile", new { photo });
            Assert.True(set.IsSuccessStatusCode);
        }

        Assert.True(await SeesAsync(world["mallory"], own));
        Assert.False(await SeesAsync(world["mallory"], others));
    }

    [Fact]
    public async Task GetMedia_UserWasDeletedAndTheNameIsTakenAgain_NeitherSeesTheFile()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var key = await SendAsync(world["alice"], "bob");
        var address = await world["bob"].MediaPrefixAsync() + key;
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(address));

        using var deleted = await world.Project.DeleteUserAsync("bob");
        Assert.True(deleted.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(address));

        var successor = await (await world.Project.CreateUserAsync("bob")).LogInAsync();
        Assert.False(await SeesAsync(successor, key));
        Assert.True(await SeesAsync(world["alice"], key));
    }

    [Fact]
    public async Task GetMedia_FileFromBeforeConversationsWereKept_IsForTheOneWhoHadTheNameThen()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol");
        var key = await SendAsync(world["alice"], "bob");
        var files = backends.App.Get<FileStore>();
        var file = await files.FindAsync(world.Project.Id, ChatKeys.FileId(world.Project.Id, key), CancellationToken.None);
        Assert.NotNull(await files.TryReplaceAsync(file! with { ConversationId = "" }, CancellationToken.None));

        Assert.True(await SeesAsync(world["bob"], key));
        Assert.False(await SeesAsync(world["carol"], key));
    }

    private static async Task<string> SendAsync(TestSession from, string to) =>
        (await from.SendFileAsync(to, "a.png", Pictures.Png(20, 10), 4)).GetProperty("key").GetString()!;

    private static async Task<bool> SeesAsync(TestSession session, string key)
    {
        using var response = await session.GetMediaAsync(key);
        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.Redirect, HttpStatusCode.NotFound });
        return response.StatusCode == HttpStatusCode.Redirect;
    }

    private static async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var response = await UploadClient.Storage.GetAsync(new Uri(address));
        return response.StatusCode;
    }
}
