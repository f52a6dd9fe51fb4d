using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>
/// What happens when something has to wait and there is no room. The server has no outbox on a disk. Messages that wait for the log wait in
/// memory, up to a limit, and are already in the conversation. The only file that the app writes is the picture that it is working on. The
/// web SDK's outbox is tested in a browser.
/// </summary>
public sealed class NoRoomTests(Backends backends)
{
    [Fact]
    [Promise("VOX-R4")]
    public async Task Send_LogTakesNothingForLong_RefusesBeyondItsLimitAndThenLogsAllThatItTook()
    {
        const int Limit = 100;
        var (faults, prefix) = (new StorageFaults(), VoxApp.NewTablePrefix());
        await using var app = await VoxApp.StartAsync(
            backends, [$"ChatLog:MaxWaiting={Limit}", "Storage:Retries=0", "Logging:LogLevel:Vox=None"],
            builder => builder.Services.AddSingleton<HttpPipelinePolicy>(faults), prefix);
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var session = await alice.LogInAsync();
        await session.SendMessageAsync("bob", "text of before", "before");
        await app.SettleAsync(project.Id);
        var taken = new ConcurrentDictionary<string, bool> { ["before"] = true };
        var refused = 0;

        // Only the log itself fails, not the notes about who has to log what. Without the notes no message is accepted at all.
        var log = new Regex($@"{prefix}chatlog\b");
        faults.Choose = request => log.IsMatch(request) ? Fault.FailedBefore : Fault.None;
        for (var n = 0; refused == 0; n++)
        {
            Assert.True(n < 4 * Limit, "What waits has no limit.");
            using var response = await session.PostAsync(
                "/api/v1/messages", new { to = "bob", data = $"text of m{n}", clientMessageId = $"m{n}" });
            if (response.IsSuccessStatusCode)
            {
                taken[$"m{n}"] = true;
                continue;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains(
                (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(),
                new[] { "busy", "storage_unavailable" });
            refused++;
        }

        faults.Choose = null;
        var key = await alice.ConversationOfAsync(bob);
        var messages = await app.ReadConversationAsync(key);
        Assert.True(taken.Count > 1, "Nothing was taken while the log did not answer.");
        Assert.Equal(taken.Keys.Order(), messages.Select(message => message.Id).Order());
        await app.AssertLogIsAsync(project.Id, messages.Select(message => (key, message)), 120);
        await session.SendMessageAsync("bob", "text of after", "after");
    }

    [Fact]
    [Promise("VOX-R5")]
    public async Task CompleteUpload_DiskOfTheInstanceTakesNothing_SaysTryAgainAndNothingIsLost()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var picture = Pictures.Png(300, 200);
        var upload = await alice.BeginUploadAsync("a.png", picture.Length);
        await upload.PutAsync(picture);
        var folder = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", "/nowhere");
        try
        {
            await alice.PostCompleteAsync(upload.Id, new { to = "alice", type = 4 }).ProblemAsync("busy");
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", folder);
        }

        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "alice", type = 4 });

        Assert.Equal(4, sent.GetProperty("type").GetInt32());
        Assert.Single((await alice.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages").EnumerateArray());
        Assert.Equal(picture, await alice.DownloadAsync(sent.GetProperty("key").GetString()!));
    }
}
