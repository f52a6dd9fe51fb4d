using System.Text.Json;
using Vox.Chat.Files;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Files that answer a message, mention members, or carry an app's own data.</summary>
public sealed class FileFieldTests(Backends backends)
{
    private static readonly byte[] Bytes = "of a file"u8.ToArray();

    [Fact]
    public async Task SendFile_WithTheFieldsOfASend_IsAReplyThatMentions()
    {
        var (project, alice, bob) = await AliceAndBobAsync();
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Team", members = new[] { "bob" } }))
            .GetProperty("id").GetString()!;
        await bob.SendMessageAsync(group, "Where is the plan?");
        var upload = await UploadAsync(alice);
        var body = new
        {
            to = group,
            type = 7,
            replyTo = 1,
            mentions = new[] { "bob" },
            mentionsAll = true,
            custom = new { ünï = "🙂" },
            silent = true,
            clientMessageId = "file-1",
        };

        var sent = await alice.CompleteUploadAsync(upload.Id, body);

        var message = (await bob.GetJsonAsync($"/api/v1/messages?with={group}")).GetProperty("messages")[0];
        Assert.Equal(upload.Key, message.GetProperty("data").GetString());
        Assert.Equal("Where is the plan?", message.GetProperty("replyTo").GetProperty("data").GetString());
        Assert.Equal("bob", Assert.Single(message.GetProperty("mentions").EnumerateArray()).GetString());
        Assert.True(message.GetProperty("mentionsAll").GetBoolean());
        Assert.True(message.GetProperty("silent").GetBoolean());
        Assert.Equal("🙂", message.GetProperty("custom").GetProperty("ünï").GetString());
        var listed = (await bob.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0];
        Assert.Equal(1, listed.GetProperty("unreadMentions").GetInt32());
        // The message has them now: the file's row keeps no names and no data of the app.
        var row = await RowAsync(project, upload.Id);
        Assert.DoesNotContain(row.Keys, name => name is "ReplyTo" or "Mentions" or "MentionsAll" or "Custom" or "Silent");
        // The same again is the same message.
        var again = await alice.CompleteUploadAsync(upload.Id, body);
        Assert.Equal(
            sent.GetProperty("message").GetProperty("sequence").GetInt64(),
            again.GetProperty("message").GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task SendFile_ProcessEndsAfterTheClaim_TheSweepSendsItWithItsFields()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await project.CreateUserAsync("bob");
        await (await bob.LogInAsync()).SendMessageAsync("alice", "Send it");
        var upload = await UploadAsync(alice);
        var store = app.Get<FileStore>();
        await upload.CommitAsync(0);
        var file = (await store.FindAsync(project.Id, upload.Id, CancellationToken.None))!;
        var claim = new FileClaim("bob", Vox.Chat.Model.MessageType.Document, "file-2", "", "", 0, 0)
        {
            Fields = new FileMessageFields(1, [], false, """{"a":1}""", true),
        };
        await store.TryReplaceAsync(file with { State = FileState.Claimed, Claim = claim }, CancellationToken.None);

        clock.Advance(TimeSpan.FromHours(25));
        await app.Get<FileSweep>().RunAsync(CancellationToken.None);

        var message = (await (await bob.LogInAsync()).GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages")[0];
        Assert.Equal(upload.Key, message.GetProperty("data").GetString());
        Assert.Equal("Send it", message.GetProperty("replyTo").GetProperty("data").GetString());
        Assert.Equal(1, message.GetProperty("custom").GetProperty("a").GetInt32());
        Assert.True(message.GetProperty("silent").GetBoolean());
    }

    public static TheoryData<string, string, string> BadFields => new()
    {
        { """{"to":"bob","replyTo":0}""", "invalid_field", "replyTo" },
        { """{"to":"bob","mentions":["bob"]}""", "invalid_field", "mentions" },
        { """{"to":"bob","mentionsAll":true}""", "invalid_field", "mentionsAll" },
        { """{"to":"bob","custom":[1]}""", "invalid_field", "custom" },
        { "{\"to\":\"bob\",\"custom\":{\"a\":\"" + new string('x', 4_096) + "\"}}", "too_long", "custom" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task SendFile_BadField_IsRefusedBeforeTheWorkAndTheUploadStays(string body, string code, string field)
    {
        var (_, alice, bob) = await AliceAndBobAsync();
        var upload = await UploadAsync(alice);

        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/api/v1/files/{upload.Id}/complete")
        {
            Content = RestCall.Raw(body, "application/json"),
        }).ProblemAsync(code, field);

        await alice.CompleteUploadAsync(upload.Id, new { to = "bob", replyTo = (int?)null });
        Assert.Single((await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages").EnumerateArray());
    }

    private static async Task<Upload> UploadAsync(TestSession session)
    {
        var upload = await session.BeginUploadAsync("plan.txt", Bytes.Length);
        await upload.PutAsync(Bytes);
        return upload;
    }

    private async Task<Azure.Data.Tables.TableEntity> RowAsync(TestProject project, string id) => Assert.Single(
        await backends.App.Get<StorageClients>().ProjectTable("files").QueryAsync(
            $"PartitionKey eq {Vox.Chat.Model.ChatKeys.File(project.Id, id)}", 10, CancellationToken.None));

    private async Task<(TestProject Project, TestSession Alice, TestSession Bob)> AliceAndBobAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        return (
            project, await (await project.CreateUserAsync("alice")).LogInAsync(),
            await (await project.CreateUserAsync("bob")).LogInAsync());
    }
}
