using System.Net.Http.Json;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Messages;

/// <summary>The endpoints of the web SDK.</summary>
public sealed class SendMessageTests(Backends backends)
{
    [Fact]
    public async Task SendMessage_AllFields_AreInTheAnswerAndInThePage()
    {
        var (project, alice) = await AliceAndBobAsync();

        var sent = await alice.PostJsonAsync("/api/v1/messages", new
        {
            to = "bob",
            data = "<b>Hi</b>",
            type = 2,
            contentType = "text/html",
            clientMessageId = "id-1",
            clientTime = 1_700_000_000_123,
            clientSequence = 7,
        });

        Assert.Equal(
            ["conversation", "duplicate", "epoch", "id", "sentAt", "sequence", "tip"],
            sent.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("id-1", 1, false),
            (sent.GetProperty("id").GetString(), sent.GetProperty("sequence").GetInt32(), sent.GetProperty("duplicate").GetBoolean()));
        var page = await alice.GetJsonAsync("/api/v1/messages?with=bob");
        var message = Assert.Single(page.GetProperty("messages").EnumerateArray());
        Assert.Equal("<b>Hi</b>", message.GetProperty("data").GetString());
        Assert.Equal(("alice", "bob"), (message.GetProperty("from").GetString(), message.GetProperty("to").GetString()));
        Assert.Equal((2, "text/html"), (message.GetProperty("type").GetInt32(), message.GetProperty("contentType").GetString()));
        Assert.Equal(
            (1_700_000_000_123, 7), (message.GetProperty("clientTime").GetInt64(), message.GetProperty("clientSequence").GetInt64()));
        Assert.Equal(sent.GetProperty("sentAt").GetInt64(), message.GetProperty("sentAt").GetInt64());
        Assert.Equal("<b>Hi</b>", Assert.Single(await project.HistoryAsync()).Data);
    }

    [Fact]
    public async Task SendMessage_SameIdWithOtherText_GivesTheFirstResultAndStoresNothing()
    {
        var (project, alice) = await AliceAndBobAsync();
        var first = await alice.SendMessageAsync("bob", "first", "id-1");

        var second = await alice.SendMessageAsync("bob", "changed", "id-1");

        Assert.True(second.GetProperty("duplicate").GetBoolean());
        Assert.Equal(first.GetProperty("sequence").GetInt64(), second.GetProperty("sequence").GetInt64());
        Assert.Equal(first.GetProperty("sentAt").GetInt64(), second.GetProperty("sentAt").GetInt64());
        Assert.Equal("first", Assert.Single(await project.HistoryAsync()).Data);
    }

    [Fact]
    public async Task SendMessage_IdempotencyKeyHeader_IsTheClientMessageId()
    {
        var (_, alice) = await AliceAndBobAsync();
        for (var i = 0; i < 2; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages")
            {
                Content = JsonContent.Create(new { to = "bob", data = "Hi" })
            };
            request.Headers.Add("Idempotency-Key", "key-1");
            var sent = await alice.SendAsync(request).JsonAsync();
            Assert.Equal(
                ("key-1", 1, i == 1),
                (sent.GetProperty("id").GetString(), sent.GetProperty("sequence").GetInt32(), sent.GetProperty("duplicate").GetBoolean()));
        }
    }

    public static TheoryData<string, string, string?> BadMessages => new()
    {
        { """{"data":"Hi"}""", "missing_field", "to" },
        { """{"to":"","data":"Hi"}""", "missing_field", "to" },
        { """{"to":"bob"}""", "missing_field", "data" },
        { """{"to":"bob","data":""}""", "missing_field", "data" },
        { """{"to":"bob","data":null}""", "missing_field", "data" },
        { """{"to":"nobody","data":"Hi"}""", "recipient_not_found", null },
        { """{"to":"BOB","data":"Hi"}""", "recipient_not_found", null },
        { """{"to":"a/b\\c#d?e%f","data":"Hi"}""", "recipient_not_found", null },
        { """{"to":"bob","data":"nul \u0000"}""", "invalid_field", "data" },
        { """{"to":"bob","data":"half \ud800"}""", "invalid_json", null },
        { """{"to":"bob","data":"Hi","type":0}""", "invalid_field", "type" },
        { """{"to":"bob","data":"Hi","type":8}""", "invalid_field", "type" },
        { """{"to":"bob","data":"Hi","type":-1}""", "invalid_field", "type" },
        { """{"to":"bob","data":"Hi","type":99999999999}""", "invalid_json", null },
        { """{"to":"bob","data":"Hi","type":"text"}""", "invalid_json", null },
        { """{"to":"bob","data":"Hi","type":1.5}""", "invalid_json", null },
        { """{"to":"bob","data":"Hi","clientTime":-1}""", "invalid_field", null },
        { """{"to":"bob","data":"Hi","clientSequence":-1}""", "invalid_field", null },
        { """{"to":"bob","data":"Hi","clientMessageId":"a b"}""", "invalid_field", "clientMessageId" },
        { """{"to":"bob","data":["Hi"]}""", "invalid_json", "data" },
        { """{"to":{"id":"bob"},"data":"Hi"}""", "invalid_json", "to" },
        { """{"to":"bob","data":"Hi"} trailing""", "invalid_json", null },
        { """{"to":"bob","data":"Hi",}""", "invalid_json", null },
        { """{'to':'bob','data':'Hi'}""", "invalid_json", null },
        { "{", "invalid_json", null },
        { "", "invalid_json", null },
        { "null", "invalid_json", null },
        { "[]", "invalid_json", null },
        { "\"Hi\"", "invalid_json", null },
    };

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task SendMessage_BadBody_IsRefusedWithItsCodeAndNothingIsSent(string body, string code, string? field)
    {
        var (project, alice) = await AliceAndBobAsync();

        await SendRawAsync(alice, body).ProblemAsync(code, field);

        Assert.Empty(await project.HistoryAsync());
        Assert.Equal(0, (await alice.GetJsonAsync("/api/v1/conversations")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task SendMessage_TooLongTexts_AreRefused()
    {
        var (project, alice) = await AliceAndBobAsync();

        Assert.Contains(
            "16,000",
            await PostAsync(alice, new { to = "bob", data = new string('m', 16_001) }).ProblemAsync("too_long", "data"),
            StringComparison.Ordinal);
        await PostAsync(alice, new { to = "bob", data = "Hi", clientMessageId = new string('i', 65) })
            .ProblemAsync("too_long", "clientMessageId");
        await PostAsync(alice, new { to = "bob", data = "Hi", contentType = new string('c', 128) }).ProblemAsync("too_long", "contentType");
        await PostAsync(alice, new { to = new string('r', 500), data = "Hi" }).ProblemAsync("recipient_not_found");
        Assert.Contains(
            "262,144",
            await PostAsync(alice, new { to = "bob", data = new string('m', 300_000) }).ProblemAsync("body_too_large"),
            StringComparison.Ordinal);

        Assert.Empty(await project.HistoryAsync());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task SendMessage_OtherContentType_Is415(string? contentType)
    {
        var (_, alice) = await AliceAndBobAsync();

        await SendRawAsync(alice, "to=bob&data=Hi", contentType).ProblemAsync("unsupported_media_type");
    }

    [Theory]
    [InlineData("/api/v1/messages?with=bob&size=0", "invalid_field", "size")]
    [InlineData("/api/v1/messages?with=bob&size=1001", "invalid_field", "size")]
    [InlineData("/api/v1/messages?with=bob&size=many", "invalid_field", "size")]
    [InlineData("/api/v1/messages?with=bob&offset=-1", "invalid_field", "offset")]
    [InlineData("/api/v1/messages?with=bob&offset=99999999999999999999", "invalid_field", "offset")]
    [InlineData("/api/v1/messages?with=bob&before=0", "invalid_field", "before")]
    [InlineData("/api/v1/messages?with=bob&before=x", "invalid_field", "before")]
    [InlineData("/api/v1/messages", "missing_field", "with")]
    [InlineData("/api/v1/messages?with=", "missing_field", "with")]
    [InlineData("/api/v1/messages?with=nobody", "user_not_found", "with")]
    [InlineData("/api/v1/messages?with=%00", "user_not_found", "with")]
    [InlineData("/api/v1/messages?conversation=unknown", "not_found", null)]
    [InlineData("/api/v1/messages?conversation=a%2Fb%5Cc%23d%3Fe%25f%00", "not_found", null)]
    [InlineData("/api/v1/conversations?size=0", "invalid_field", "size")]
    [InlineData("/api/v1/conversations?offset=-1", "invalid_field", "offset")]
    public async Task Read_BadParameter_IsRefusedWithItsCode(string path, string code, string? field)
    {
        var (_, alice) = await AliceAndBobAsync();

        await alice.GetAsync(path).ProblemAsync(code, field);
    }

    [Theory]
    [InlineData("{\"newest\":-1}", "invalid_field")]
    [InlineData("{\"newest\":101}", "invalid_field")]
    [InlineData("{\"newest\":\"x\"}", "invalid_json")]
    [InlineData("{\"conversations\":[]}", "invalid_json")]
    [InlineData("{\"conversations\":{\"x\":\"y\"}}", "invalid_json")]
    [InlineData("{\"cursor\":5}", "invalid_json")]
    [InlineData("", "invalid_json")]
    public async Task Sync_BadBody_IsRefusedWithItsCode(string body, string code)
    {
        var (_, alice) = await AliceAndBobAsync();

        await SendRawAsync(alice, body, path: "/api/v1/sync").ProblemAsync(code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"conversations\":{\"unknown\":5,\"a/b\":-1,\"\":0},\"cursor\":\"~~~\\u0000\"}")]
    [InlineData("{\"conversations\":null,\"newest\":0}")]
    public async Task Sync_OddButValidBody_IsAnswered(string body)
    {
        var (_, alice) = await AliceAndBobAsync();

        await SendRawAsync(alice, body, path: "/api/v1/sync").TextAsync();
    }

    [Fact]
    public async Task GetMessages_OffsetBeforeAndSize_AreCountedFromTheNewest()
    {
        var (_, alice) = await AliceAndBobAsync();
        for (var i = 1; i <= 7; i++)
        {
            await alice.SendMessageAsync("bob", $"{i}");
        }

        Assert.Equal([7, 6, 5], await SequencesAsync(alice, "with=bob&size=3"));
        Assert.Equal([4, 3, 2], await SequencesAsync(alice, "with=bob&size=3&offset=3"));
        Assert.Equal([1], await SequencesAsync(alice, "with=bob&size=3&offset=6"));
        Assert.Empty(await SequencesAsync(alice, "with=bob&size=3&offset=7"));
        Assert.Empty(await SequencesAsync(alice, "with=bob&size=1000&offset=2147483647"));
        Assert.Equal([3, 2], await SequencesAsync(alice, "with=bob&size=2&before=4"));
        Assert.Equal([2, 1], await SequencesAsync(alice, "with=bob&size=5&before=4&offset=1"));
        Assert.Empty(await SequencesAsync(alice, "with=bob&before=1"));
    }

    [Fact]
    public async Task GetMessages_OfAConversationBetweenOthers_DoesNotExist()
    {
        var (project, alice) = await AliceAndBobAsync();
        var conversation = (await alice.SendMessageAsync("bob", "private")).GetProperty("conversation").GetString();
        var mallory = await (await project.CreateUserAsync("mallory")).LogInAsync();

        await mallory.GetAsync("/api/v1/messages?conversation=" + conversation).ProblemAsync("not_found");
        await mallory.GetAsync("/api/v1/messages?offset=0&before=2&conversation=" + conversation).ProblemAsync("not_found");
        Assert.Empty(
            (await mallory.PostJsonAsync("/api/v1/sync", new { conversations = new Dictionary<string, long> { [conversation!] = 0 } }))
                .GetProperty("conversations").EnumerateArray());
    }

    private async Task<(TestProject Project, TestSession Alice)> AliceAndBobAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("bob");
        return (project, await (await project.CreateUserAsync("alice")).LogInAsync());
    }

    private static async Task<List<long>> SequencesAsync(TestSession session, string query) =>
        [.. (await session.GetJsonAsync("/api/v1/messages?" + query)).GetProperty("messages").EnumerateArray()
            .Select(m => m.GetProperty("sequence").GetInt64())];

    private static Task<HttpResponseMessage> PostAsync(TestSession session, object body) => session.PostAsync("/api/v1/messages", body);

    private static Task<HttpResponseMessage> SendRawAsync(
        TestSession session, string body, string? contentType = "application/json", string path = "/api/v1/messages") =>
        session.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = RestCall.Raw(body, contentType) });
}
