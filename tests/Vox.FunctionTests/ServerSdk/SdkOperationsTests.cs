using Vox.Chat.Exports;
using Vox.Server;
using Vox.Tests.Devices;
using Vox.Tests.Fixture;
using Vox.Tests.Webhooks;

namespace Vox.Tests.ServerSdk;

/// <summary>Messages that are changed, webhooks, devices, exports and erasures, through the SDKs, against the real app.</summary>
public sealed class SdkOperationsTests(Backends backends)
{
    [Fact]
    public async Task DotNet_MessagesEditedAndDeletedWithEtags_AreSoForTheUser()
    {
        var vox = Client(await SdkProgram.ServerAsync(backends, "alice", "bob"));
        var sent = await vox.Messages.SendAsync("alice", "bob", "Helo");
        var first = await vox.Messages.ListAsync("bob", "alice").SingleAsync();
        await vox.Messages.SendAsync(new() { From = "bob", To = "alice", Data = "Yes?", ReplyTo = sent.Sequence });

        var edited = await vox.Messages.EditAsync(sent.Conversation, sent.Sequence, "Hello", first.Etag);
        var stale = await Assert.ThrowsAsync<VoxApiException>(
            () => vox.Messages.DeleteAsync(sent.Conversation, sent.Sequence, first.Etag));
        var again = await vox.Messages.EditAsync(sent.Conversation, sent.Sequence, "Hello");
        var conversation = await vox.Messages.ConversationsAsync("bob").SingleAsync();
        var answer = await vox.Messages.ListOfConversationAsync("bob", sent.Conversation).FirstAsync();
        var deleted = await vox.Messages.DeleteAsync(sent.Conversation, sent.Sequence, edited.Message.Etag);

        Assert.Equal(("Hello", true, "\"0\""), (edited.Message.Data, edited.Changed, first.Etag));
        Assert.Equal(("precondition_failed", "If-Match"), (stale.Code, stale.Field));
        Assert.False(again.Changed);
        Assert.NotEqual(first.Etag, edited.Message.Etag);
        Assert.Equal(
            ("alice", "Yes?", 2L, false),
            (conversation.With, conversation.LastMessage.Data, conversation.LastSequence, conversation.Closed));
        Assert.Equal(("alice", sent.Sequence), (answer.ReplyTo!.From, answer.ReplyTo.Sequence));
        Assert.Equal(("", true), (deleted.Message.Data, deleted.Message.Erased));
        Assert.NotNull((await vox.Messages.ListAsync("alice", "bob").LastAsync()).DeletedAt);
    }

    [Fact]
    public async Task DotNet_Webhooks_AreMadeTestedListedSentAgainRotatedAndRemoved()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        var vox = Client(server);
        await vox.Users.UpsertAsync([new() { Id = "alice" }, new() { Id = "bob" }]);

        var made = await vox.Webhooks.CreateAsync(new() { Url = receiver.Address, Events = ["message.sent"] });
        var tested = await vox.Webhooks.TestAsync(made.Id);
        var test = await receiver.NextAsync();
        Assert.Equal("webhook.test", Read(test, made.Secret!).Type);
        var changed = await vox.Webhooks.ChangeAsync(made.Id, new() { Description = "Orders" });
        var listed = await vox.Webhooks.ListAsync();
        var sent = await vox.Messages.SendAsync("alice", "bob", "Hello");
        var told = await receiver.NextAsync();
        Assert.Equal(sent.Id, Read(told, made.Secret!).Data.GetProperty("message").GetProperty("id").GetString());
        var delivery = await DeliveredAsync(vox, told.Id);
        var rotated = await vox.Webhooks.RotateAsync(made.Id, TimeSpan.Zero);
        await vox.Webhooks.ResendAsync(delivery.Id);
        var again = await receiver.NextAsync();
        var shown = await vox.Webhooks.DeliveryAsync(delivery.Id);
        await vox.Webhooks.DeleteAsync(made.Id);

        Assert.NotEmpty(tested);
        Assert.Equal((null, "Orders", receiver.Address), (changed.Secret, changed.Description, changed.Url));
        Assert.Equal(made.Id, Assert.Single(listed.Webhooks).Id);
        Assert.Contains("message.sent", listed.Types);
        Assert.Equal((told.Id, told.Body), (again.Id, again.Body));
        Assert.Equal(told.Id, Read(again, rotated.Secret!).Id);
        Assert.Throws<VoxWebhookException>(() => Read(again, made.Secret!));
        Assert.Equal((told.Body, 204), (shown.Body, shown.Attempts[0].Status));
        Assert.Equal(404, (int)(await Assert.ThrowsAsync<VoxApiException>(() => vox.Webhooks.GetAsync(made.Id))).Status);
    }

    [Fact]
    public async Task DotNet_BeforeSendRequestsAndDevices_Work()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        var vox = Client(server);
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        await vox.Users.UpsertAsync([new() { Id = "bob" }]);

        var hook = await vox.BeforeSend.SetAsync(receiver.Address, TimeSpan.FromSeconds(3), allowsOnFailure: false);
        await vox.Messages.SendAsync("alice", "bob", "Hello");
        Assert.Equal("message.before_send", Read(await receiver.NextAsync(), hook.Secret!).Type);
        Assert.NotEqual(hook.Secret, (await vox.BeforeSend.RotateAsync(TimeSpan.FromHours(1))).Secret);
        var counted = await vox.BeforeSend.GetAsync();
        await vox.BeforeSend.DeleteAsync();

        Assert.Equal((3_000, false), (counted.Milliseconds, counted.AllowsOnFailure));
        Assert.Equal(1, Assert.Single(counted.Days!).Allowed);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<VoxApiException>(() => vox.BeforeSend.GetAsync())).Code);

        await alice.RegisterFcmAsync("fcm-token:sdk");
        var device = Assert.Single(await vox.Users.DevicesAsync("alice"));
        await vox.Users.RemoveDeviceAsync("alice", device.Id);
        Assert.Equal("fcm", device.Kind);
        Assert.Empty(await vox.Users.DevicesAsync("alice"));

        // The list is some seconds behind.
        await Assert.ThrowsAsync<VoxApiException>(() => vox.Users.GetAsync("nobody"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        ApiRequest? request;
        while ((request = await vox.Requests.ListAsync(new() { Api = "server", Error = "user_not_found", Failed = true })
            .FirstOrDefaultAsync(patience.Token)) is null)
        {
            await Task.Delay(100, patience.Token);
        }

        Assert.Equal(("GET", 404), (request.Method, request.Status));
    }

    [Fact]
    public async Task DotNet_ExportsAndErasures_EndWithAnArchiveAndAProof()
    {
        await using var app = await StartAsync();
        var vox = Client(await (await app.CreateProjectAsync()).CreateServerAsync());
        await vox.Users.UpsertAsync([new() { Id = "alice", DisplayName = "Alice" }]);

        var begun = await vox.Exports.BeginAsync("alice", idempotencyKey: "once");
        Assert.Equal(begun.Id, (await vox.Exports.BeginAsync("alice", idempotencyKey: "once")).Id);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        DataExport export;
        while ((export = await vox.Exports.GetAsync(begun.Id, patience.Token)).State == "running")
        {
            await app.Get<ExportWork>().RunAsync(patience.Token);
        }

        var link = await vox.Exports.LinkAsync(begun.Id);
        using var http = new HttpClient();
        var archive = await http.GetByteArrayAsync(new Uri(link.Url), patience.Token);
        var erasure = await vox.Erasures.BeginAsync("alice");
        var proof = await vox.Erasures.GetAsync(erasure.Id);

        Assert.Equal(("ready", "user", "alice"), (export.State, export.Kind, export.Subject));
        Assert.Equal(export.Bytes, archive.Length);
        Assert.Equal(begun.Id, Assert.Single(await vox.Exports.ListAsync()).Id);
        Assert.Equal((erasure.Id, "user"), (proof.Id, proof.Kind));
        Assert.Equal("user_not_found", (await Assert.ThrowsAsync<VoxApiException>(() => vox.Users.GetAsync("alice"))).Code);
    }

    /// <summary><c>functions/server-sdk/node/test/operations.mjs</c> says what is expected.</summary>
    [Fact]
    public async Task Node_EveryFurtherCall_DoesWhatItSays()
    {
        await using var app = await StartAsync();
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        await alice.RegisterFcmAsync("fcm-token:node");
        using var program = SdkProgram.Start(
            "node", "node", ["test/operations.mjs"], ("VOX_ADDRESS", app.Address.ToString()), ("VOX_API_KEY", server.Key));

        Assert.Contains("all done", await program.EndAsync(), StringComparison.Ordinal);
    }

    private static VoxEvent Read(Received received, string secret) => VoxWebhooks.Read(
        [secret], received.Id, received.Headers["webhook-timestamp"], received.Headers["webhook-signature"],
        System.Text.Encoding.UTF8.GetBytes(received.Body));

    /// <summary>The history is written after the answer.</summary>
    private static async Task<WebhookDelivery> DeliveredAsync(VoxClient vox, string eventId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var filter = new DeliveryFilter { Type = "message.sent", State = "delivered" };
            if (await vox.Webhooks.DeliveriesAsync(filter, patience.Token).FirstOrDefaultAsync(one => one.Event == eventId, patience.Token)
                is { } found)
            {
                return found;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private static VoxClient Client(TestServer server) =>
        new(new HttpClient(), new VoxOptions { Address = server.App.Address, ApiKey = server.Key });

    private Task<VoxApp> StartAsync() => VoxApp.StartAsync(
        backends, ["Outbound:AllowLoopback=true", "Webhooks:RetrySeconds=0", "Projects:CacheSeconds=1", "Requests:KeptPerMinute=1000"]);
}
