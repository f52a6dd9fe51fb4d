using System.Net.Http.Json;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Messages;

public sealed class SendChatTests(Backends backends)
{
    [Theory]
    [InlineData("/sendchat")]
    [InlineData("/api/sendchat")]
    public async Task SendChat_GuidesCurlExample_AnswersAsTheGuide(string path)
    {
        var (project, alice) = await AliceAndBobAsync();

        var answer = await backends.App.PostRawAsync(path,
            $$"""
            {"projectid":"{{project.Id}}","user":"alice","pass":"{{alice.Password}}","recipient":"bob",
            "message":"Test Message","msgType":"1","ct":"text/plain"}
            """).JsonAsync();

        // The guide's answer, with a message id added.
        Assert.Equal(["code", "id", "status"], answer.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Success", answer.GetProperty("status").GetString());
        Assert.Equal(200, answer.GetProperty("code").GetInt32());
        Assert.Equal("Test Message", Assert.Single(await project.HistoryAsync()).Data);
    }

    [Theory]
    [InlineData(Carrier.Json)]
    [InlineData(Carrier.Form)]
    [InlineData(Carrier.Query)]
    public async Task SendChat_FieldsOfTheTable_Work(Carrier carrier)
    {
        var (project, _) = await AliceAndBobAsync();

        await backends.App.CallAsync(HttpMethod.Post, "/sendchat", carrier, TableFields(project)).TextAsync();

        Assert.Equal(("alice", "bob"), Ends(Assert.Single(await project.HistoryAsync())));
    }

    [Fact]
    public async Task SendChat_NumbersForTexts_Work()
    {
        var (project, alice) = await AliceAndBobAsync();

        await backends.App.Http.PostAsJsonAsync("/sendchat", new
        {
            projectid = project.Id,
            user = "alice",
            pass = alice.Password,
            recipient = "bob",
            message = 42,
            msgType = 1,
            ct = "text/plain",
        }).TextAsync();

        Assert.Equal("42", Assert.Single(await project.HistoryAsync()).Data);
    }

    [Fact]
    public async Task SendChat_MessageWithBlanksAround_IsKeptExactly()
    {
        var (project, alice) = await AliceAndBobAsync();

        await alice.SendChatAsync("bob", "  two before, a line after \n");

        Assert.Equal("  two before, a line after \n", Assert.Single(await project.HistoryAsync()).Data);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("00000000_0000_0000_0000_000000000000")]
    public async Task SendChat_WrongTokenThoughOptional_Is401AndNothingIsSent(string token)
    {
        var (project, _) = await AliceAndBobAsync();

        await backends.App.CallAsync(HttpMethod.Post, "/sendchat", Carrier.Json, TableFields(project).With(("authtoken", token)))
            .VendorStatusErrorAsync(401);

        Assert.Empty(await project.HistoryAsync());
    }

    [Fact]
    public async Task SendChat_TokenOfAnotherProject_Is401()
    {
        var (project, _) = await AliceAndBobAsync();
        var other = await backends.App.CreateProjectAsync();

        await backends.App.CallAsync(HttpMethod.Post, "/sendchat", Carrier.Json, TableFields(project).With(("authtoken", other.Token)))
            .VendorStatusErrorAsync(401);
    }

    [Fact]
    public async Task SendChat_SameClientMessageId_IsStoredOnceAndAnsweredAlike()
    {
        var (project, alice) = await AliceAndBobAsync();

        var first = await alice.PostChatAsync("bob", "Hello", "id-1").TextAsync();
        var second = await alice.PostChatAsync("bob", "Hello", "id-1").TextAsync();

        Assert.Equal(first, second);
        Assert.Equal("id-1", JsonSerializer.Deserialize<JsonElement>(first).GetProperty("id").GetString());
        Assert.Single(await project.HistoryAsync());
    }

    [Fact]
    public async Task SendChat_SameIdempotencyKey_IsStoredOnce()
    {
        var (project, alice) = await AliceAndBobAsync();

        for (var i = 0; i < 3; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/sendchat") { Content = JsonContent.Create(TableFields(project)) };
            request.Headers.Add("Idempotency-Key", "key-1");
            Assert.Equal("key-1", (await backends.App.Http.SendAsync(request).JsonAsync()).GetProperty("id").GetString());
        }

        Assert.Single(await project.HistoryAsync());
    }

    [Fact]
    public async Task SendChat_FieldAndHeaderBothGiven_FieldWins()
    {
        var (project, _) = await AliceAndBobAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/sendchat")
        {
            Content = JsonContent.Create(TableFields(project).With(("clientMessageId", "from-field"))),
        };
        request.Headers.Add("Idempotency-Key", "from-header");

        Assert.Equal("from-field", (await backends.App.Http.SendAsync(request).JsonAsync()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task SendChat_SameIdFromTwoSenders_IsTwoMessages()
    {
        var (project, alice) = await AliceAndBobAsync();
        var bob = new TestUser(project, "bob", "secret");

        await alice.SendChatAsync("bob", "from alice", "id-1");
        await bob.SendChatAsync("alice", "from bob", "id-1");

        Assert.Equal(["from bob", "from alice"], (await project.HistoryAsync()).Select(row => row.Data));
    }

    [Fact]
    [Promise("VOX-M3")]
    public async Task SendChat_SameIdAtOnce_IsStoredOnce()
    {
        var (project, alice) = await AliceAndBobAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => alice.PostChatAsync("bob", "Hello", "id-1").TextAsync()));

        Assert.Single(answers.Distinct());
        Assert.Single(await project.HistoryAsync());
    }

    [Fact]
    public async Task SendChat_ToOneself_IsStoredOnce()
    {
        var (project, alice) = await AliceAndBobAsync();

        await alice.SendChatAsync("alice", "a note");

        Assert.Equal(("alice", "alice"), Ends(Assert.Single(await project.HistoryAsync())));
        var page = await (await alice.LogInAsync()).GetJsonAsync("/api/v1/messages?with=alice");
        Assert.Equal(1, page.GetProperty("lastSequence").GetInt64());
    }

    [Fact]
    public async Task SendChat_ToAUserOfAnotherProject_Is404()
    {
        var (_, alice) = await AliceAndBobAsync();
        var other = await backends.App.CreateProjectAsync();
        await other.CreateUserAsync("carol");

        await alice.PostChatAsync("carol", "Hello").VendorStatusErrorAsync(404);

        Assert.Empty(await other.HistoryAsync());
    }

    private async Task<(TestProject Project, TestUser Alice)> AliceAndBobAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("bob");
        return (project, await project.CreateUserAsync("alice"));
    }

    private static (string From, string To) Ends(LogRow row) => (row.From, row.To);

    private static Dictionary<string, string?> TableFields(TestProject project) => new()
    {
        ["projectid"] = project.Id,
        ["authtoken"] = project.Token,
        ["username"] = "alice",
        ["password"] = "secret",
        ["recipient"] = "bob",
        ["message"] = "Hello",
        ["msgType"] = "1",
        ["ct"] = "text/plain",
    };
}
