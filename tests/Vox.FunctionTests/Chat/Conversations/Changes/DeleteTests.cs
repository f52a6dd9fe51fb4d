using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Holds;
using Vox.Chat.Projects;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

public sealed class DeleteTests(Backends backends)
{
    private readonly string mark = Guid.NewGuid().ToString("N")[..10];

    [Fact]
    public async Task Delete_ByTheAuthor_NothingOfTheTextIsFoundAnywhereAndThePlaceStays()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        await app.Get<ProjectService>().UpdateAsync(project.Id, p => p with { KeepsVersions = true }, CancellationToken.None);
        await alice.SendMessageAsync("bob", "before");
        var message = await alice.SayAsync("bob", $"one {mark}");
        await alice.SendMessageAsync("bob", "after");
        await alice.EditAsync(message, $"two {mark}").JsonAsync();
        await alice.EditAsync(message, $"three {mark}").JsonAsync();
        await bob.ReactAsync(message, "👍").JsonAsync();
        await bob.PinAsync(message).JsonAsync();
        await app.SettleAsync(project.Id);
        var places = await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [mark]);
        Assert.Contains(places, place => place.StartsWith("table chatlog:", StringComparison.Ordinal));
        Assert.Contains(places, place => place.StartsWith("table conversations:", StringComparison.Ordinal));

        var answer = await alice.DeleteAsync(message).JsonAsync();

        Assert.Equal(5, answer.Number("change"));
        await app.SettleAsync(project.Id);
        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [mark]));
        var page = await bob.GetJsonAsync("/api/v1/messages?with=alice");
        Assert.Equal(["3 after", "2 ", "1 before"], page.GetProperty("messages").EnumerateArray().Select(m =>
            $"{m.Number("sequence")} {m.Text("data")}"));
        var stub = page.GetProperty("messages")[1];
        Assert.Equal(("alice", "alice"), (stub.Text("deletedBy"), stub.Text("from")));
        Assert.True(stub.Number("deletedAt") > 0);
        Assert.True(stub.GetProperty("erased").GetBoolean());
        Assert.Equal("", ChangeWorld.Reactions(stub));
        Assert.False(stub.TryGetProperty("pinnedAt", out _));
        Assert.Empty((await bob.GetJsonAsync($"/api/v1/conversations/{ChangeWorld.ConversationOf(message)}/pins"))
            .GetProperty("messages").EnumerateArray());

        Assert.True((await alice.DeleteAsync(message).JsonAsync()).GetProperty("duplicate").GetBoolean());
        await alice.EditAsync(message, "again").ProblemAsync("message_deleted", "sequence");
        await bob.ReactAsync(message, "👍").ProblemAsync("message_deleted", "sequence");
        await bob.PinAsync(message).ProblemAsync("message_deleted", "sequence");
        await bob.GetAsync(message + "/reactions").ProblemAsync("message_deleted", "sequence");
    }

    [Fact]
    public async Task Delete_AFile_FileAndThumbnailAreGoneUnlessSentElsewhere()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        await project.CreateUserAsync("carol");
        await alice.SendFileAsync("bob", "a.png", Pictures.Png(64, 48), type: 4, contentType: "image/png");
        await alice.SendFileAsync("bob", "b.png", Pictures.Png(64, 48), type: 4, contentType: "image/png");
        var messages = (await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages");
        var (keptKey, key) = (messages[0].Text("data")!, messages[1].Text("data")!);
        await bob.PostJsonAsync("/api/v1/messages", new { to = "carol", data = keptKey, type = 4 });
        Assert.NotEmpty(await bob.DownloadAsync(key));

        await using var live = await bob.ConnectAsync();
        var first = ChangeWorld.PathOf(messages[1]);
        await alice.DeleteAsync(first).JsonAsync();
        var told = await live.NextAsync("change");
        Assert.Equal(("deleted", ""), (told.Text("kind"), told.GetProperty("message").Text("data")));
        await alice.DeleteAsync(ChangeWorld.PathOf(messages[0])).JsonAsync();
        await backends.App.SettleAsync(project.Id);

        // The app may remember for some seconds where the bytes were: there are none.
        using var redirect = await alice.GetMediaAsync(key);
        using var gone = redirect.Headers.Location is { } location ? await UploadClient.Storage.GetAsync(location) : null;
        Assert.Equal(404, (int)(gone ?? redirect).StatusCode);
        Assert.NotEmpty(await bob.DownloadAsync(keptKey));
        var stub = await bob.SeeAsync(first);
        Assert.Equal((1L, ""), (stub.Number("type"), stub.Text("data")));
        Assert.Null(stub.Text("thumbnail"));
        Assert.Equal(messages[1].Text("id"), stub.Text("id"));
    }

    [Fact]
    public async Task Delete_OfOthers_IsForAdminsAndTheOwnerOfAGroupOnly()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var carol = await (await project.CreateUserAsync("carol")).LogInAsync();
        var own = await alice.SayAsync("bob", "text");
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "g", members = new[] { "bob", "carol" } })).Text("id")!;
        var message = await bob.SayAsync(group, "text");
        var ofOwner = await alice.SayAsync(group, "text");

        await bob.DeleteAsync(own).ProblemAsync("not_author", "sequence");
        await carol.DeleteAsync(message).ProblemAsync("not_author", "sequence");
        await carol.DeleteAsync(own).ProblemAsync("not_found", "conversation");
        await bob.DeleteAsync(message + "?for=nobody").ProblemAsync("invalid_field", "for");
        await bob.DeleteAsync(ofOwner).ProblemAsync("not_author", "sequence");
        await alice.DeleteAsync(message).JsonAsync();
        await alice.CallAsync(HttpMethod.Put, $"/api/v1/groups/{group}/admins", new { ids = new[] { "carol" } }).JsonAsync();
        Assert.Equal("carol", (await carol.DeleteAsync(ofOwner).JsonAsync()).GetProperty("message").Text("deletedBy"));
        Assert.Equal("text", (await bob.SeeAsync(own)).Text("data"));
    }

    [Fact]
    public async Task Delete_ByTheProjectsWindow_IsRefusedWhenItIsOver()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (project, alice, _) = await ChangeWorld.CreateAsync(app);
        var message = await alice.SayAsync("bob", "one");

        clock.Advance(TimeSpan.FromSeconds(86_401));
        alice = await alice.RefreshAsync();
        await alice.DeleteAsync(message).ProblemAsync("delete_window_over", "sequence");
        await app.Get<ProjectService>().UpdateAsync(project.Id, p => p with { DeleteWindowSeconds = -1 }, CancellationToken.None);
        await alice.DeleteAsync(message).JsonAsync();
    }

    [Fact]
    public async Task Delete_UnderALegalHold_IsRefusedAndEditsKeepTheEarlierText()
    {
        var (project, alice, _) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", $"one {mark}");
        await backends.App.Get<HoldStore>().TryAddAsync(
            new Hold(project.Id, HoldKind.Conversation, ChangeWorld.ConversationOf(message), "", "a case", "a test", default),
            CancellationToken.None);

        await alice.DeleteAsync(message).ProblemAsync("on_hold", "sequence");
        await alice.EditAsync(message, "two").JsonAsync();

        Assert.Contains(
            await DataSearch.FindAsync(backends.StorageConnection, backends.App.TablePrefix, [$"one {mark}"]),
            place => place.StartsWith("table conversations:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task History_OfTheProject_HasEditedTextsAndNamesDeletedMessages()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        await alice.SendMessageAsync("bob", "one", "m1");
        var edited = await alice.SayAsync("bob", "two");
        var deleted = ChangeWorld.PathOf(await alice.SendMessageAsync("bob", "three", "m3"));
        await alice.EditAsync(edited, "two, edited").JsonAsync();
        await alice.DeleteAsync(deleted).JsonAsync();

        Assert.Equal(["two, edited", "one"], (await project.HistoryAsync()).Select(row => row.Data));
        var json = await backends.App.Http.GetAsync(
            $"/api/getchathistory?projectid={project.Id}&authtoken={project.Token}&offset=0&size=10&deleted=1").JsonAsync();
        Assert.Equal("m3", Assert.Single(json.GetProperty("data").GetProperty("deleted").EnumerateArray()).GetString());
        Assert.Equal("two, edited", (await bob.SeeAsync(edited)).Text("data"));
    }
}
