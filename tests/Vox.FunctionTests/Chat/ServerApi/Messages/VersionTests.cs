using System.Text.Json;
using Vox.Chat.ApiKeys;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Tests.Changes;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

/// <summary>The texts that a message had before it was edited, where a project keeps them.</summary>
public sealed class VersionTests(Backends backends)
{
    [Fact]
    public async Task Versions_EditedTwelveTimes_TheLastTenOldestFirst()
    {
        var (server, sent, alice) = await NewAsync(keeps: true);
        for (var n = 1; n <= 12; n++)
        {
            await alice.EditAsync(ChangeWorld.PathOf(sent), $"text {n}").JsonAsync();
        }

        var answer = await server.GetAsync(Of(sent));
        var versions = await Task.FromResult(answer).JsonAsync();

        Assert.Equal(
            Enumerable.Range(2, 10).Select(n => $"text {n}"),
            versions.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("data").GetString()));
        Assert.Equal("text 12", versions.GetProperty("message").GetProperty("data").GetString());
        Assert.Equal("\"12\"", answer.Headers.ETag!.Tag);
        var times = versions.GetProperty("versions").EnumerateArray()
            .Select(version => version.GetProperty("writtenAt").GetInt64()).ToList();
        Assert.Equal(times.Order(), times);
        Assert.True(times[0] >= sent.GetProperty("sentAt").GetInt64());
    }

    [Fact]
    public async Task Versions_FirstEdit_WrittenWhenItWasSent()
    {
        var (server, sent, alice) = await NewAsync(keeps: true);
        await alice.EditAsync(ChangeWorld.PathOf(sent), "second").JsonAsync();

        var version = Assert.Single((await server.GetJsonAsync(Of(sent))).GetProperty("versions").EnumerateArray());

        Assert.Equal("first", version.GetProperty("data").GetString());
        Assert.Equal(sent.GetProperty("sentAt").GetInt64(), version.GetProperty("writtenAt").GetInt64());
    }

    [Fact]
    public async Task Versions_NotKeptOrDeleted_AreNone()
    {
        var (server, sent, alice) = await NewAsync(keeps: false);
        await alice.EditAsync(ChangeWorld.PathOf(sent), "second").JsonAsync();
        Assert.Empty((await server.GetJsonAsync(Of(sent))).GetProperty("versions").EnumerateArray());

        (server, sent, alice) = await NewAsync(keeps: true);
        await alice.EditAsync(ChangeWorld.PathOf(sent), "second").JsonAsync();
        Assert.Single((await server.GetJsonAsync(Of(sent))).GetProperty("versions").EnumerateArray());
        await alice.DeleteAsync(ChangeWorld.PathOf(sent)).JsonAsync();

        Assert.Empty((await server.GetJsonAsync(Of(sent))).GetProperty("versions").EnumerateArray());
        var key = new ConversationKey(server.Project.Id, sent.GetProperty("conversation").GetString()!);
        Assert.Empty(await backends.App.Get<ChangeStore>().ReadVersionsAsync(key, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Versions_NoSuchMessageOrNotAllowed_AreRefused()
    {
        var (server, sent, _) = await NewAsync(keeps: true);
        var conversation = $"conversations/{sent.GetProperty("conversation").GetString()}/messages/";

        await server.GetAsync(conversation + "2/versions").ProblemAsync("message_not_found", "sequence");
        await server.GetAsync(conversation + "0/versions").ProblemAsync("message_not_found", "sequence");
        await server.GetAsync("conversations/nothing/messages/1/versions").ProblemAsync("message_not_found", "sequence");
        var other = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await other.GetAsync(Of(sent)).ProblemAsync("message_not_found", "sequence");
        var writer = await server.Project.CreateServerAsync(ApiScopes.MessagesWrite);
        await writer.GetAsync(Of(sent)).ProblemAsync("missing_scope");
    }

    private static string Of(JsonElement sent) =>
        $"conversations/{sent.GetProperty("conversation").GetString()}/messages/{sent.GetProperty("sequence")}/versions";

    private async Task<(TestServer Server, JsonElement Sent, TestSession Alice)> NewAsync(bool keeps)
    {
        var (project, alice, _) = await ChangeWorld.CreateAsync(backends.App);
        await backends.App.Get<ProjectService>().UpdateAsync(project.Id, p => p with { KeepsVersions = keeps }, CancellationToken.None);
        return (await project.CreateServerAsync(), await alice.SendMessageAsync("bob", "first"), alice);
    }
}
