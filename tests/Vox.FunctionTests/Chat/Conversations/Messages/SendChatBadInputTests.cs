using Vox.Tests.Fixture;

namespace Vox.Tests.Messages;

public sealed class SendChatBadInputTests(Backends backends)
{
    public static TheoryData<string, string?, int, string> BadFields => new()
    {
        { "projectid", null, 400, "projectid is missing" },
        { "projectid", "  ", 400, "projectid is missing" },
        { "projectid", "pid_00000000_0000_0000_0000_000000000000", 404, "no project" },
        { "projectid", "a/b\\c#d?e%f", 404, "no project" },
        { "username", null, 400, "username is missing" },
        { "username", "", 400, "username is missing" },
        { "username", "nobody", 401, "password" },
        { "username", new string('u', 2_000), 401, "password" },
        { "username", "bell\u0007", 401, "password" },
        { "password", null, 400, "password is missing" },
        { "password", "", 400, "password is missing" },
        { "password", "wrong", 401, "password" },
        { "password", "sec ret", 401, "password" },
        { "password", new string('p', 5_000), 401, "password" },
        { "recipient", null, 400, "recipient is missing" },
        { "recipient", " ", 400, "recipient is missing" },
        { "recipient", "nobody", 404, "recipient" },
        { "recipient", "Bob", 404, "recipient" },
        { "recipient", "bell\u0007", 404, "recipient" },
        { "recipient", new string('r', 2_000), 404, "recipient" },
        { "message", null, 400, "message is missing" },
        { "message", "", 400, "message is missing" },
        { "message", new string('m', 16_001), 400, "16,000" },
        { "message", "nul\0", 400, "U+0000" },
        { "msgType", null, 400, "msgType is missing" },
        { "msgType", "2", 400, "msgType must be 1" },
        { "msgType", "one", 400, "msgType must be 1" },
        { "ct", null, 400, "ct is missing" },
        { "ct", "text/html", 400, "ct must be text/plain" },
        { "clientMessageId", new string('i', 65), 400, "64" },
        { "clientMessageId", "a b", 400, "ASCII letters, digits" },
        { "clientMessageId", "größe", 400, "ASCII letters, digits" },
        { "clientMessageId", "a/b", 400, "ASCII letters, digits" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task SendChat_BadField_IsRefusedWithASentenceAndNothingIsSent(string field, string? value, int code, string says)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var fields = Fields(project).With((field, value));

        foreach (var carrier in new[] { Carrier.Json, Carrier.Form })
        {
            var sentence = await backends.App.CallAsync(HttpMethod.Post, "/sendchat", carrier, fields).VendorStatusErrorAsync(code);
            Assert.Contains(says, sentence, StringComparison.Ordinal);
        }

        Assert.Empty(await project.HistoryAsync());
    }

    [Theory]
    [InlineData("", "application/json", 400)]
    [InlineData("{\"projectid\":", "application/json", 400)]
    [InlineData("[1]", "application/json", 400)]
    [InlineData("{\"message\":[\"Hello\"]}", "application/json", 400)]
    [InlineData("{\"message\":{\"text\":\"Hello\"}}", "application/json", 400)]
    [InlineData("{\"message\":\"half \\udc00\"}", "application/json", 400)]
    [InlineData("projectid=1&user=alice", "application/json", 400)]
    [InlineData("Hello", "text/plain", 415)]
    [InlineData("Hello", null, 415)]
    public async Task SendChat_BadBody_IsRefusedWithASentence(string body, string? contentType, int code)
    {
        await backends.App.PostRawAsync("/sendchat", body, contentType).VendorStatusErrorAsync(code);
        await backends.App.PostRawAsync("/api/sendchat", body, contentType).VendorStatusErrorAsync(code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendChat_BodyOverTheLimit_Is413(bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/sendchat")
        {
            Content = RestCall.Raw("{\"message\":\"" + new string('x', 300 * 1024) + "\"}"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        await backends.App.Http.SendAsync(request).VendorStatusErrorAsync(413);
    }

    [Fact]
    public async Task SendChat_LongestMessage_IsTaken()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var longest = string.Concat(Enumerable.Repeat("漢", 16_000));

        await alice.SendChatAsync("alice", longest);

        Assert.Equal(longest, Assert.Single(await project.HistoryAsync()).Data);
    }

    [Fact]
    public async Task SendChat_LimitSetLower_IsTheOneThatCounts()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Messages:MaxLength=5", "Users:MaxLoginIdLength=8"]);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");

        Assert.Contains("at most 5", await alice.PostChatAsync("alice", "123456").VendorStatusErrorAsync(400), StringComparison.Ordinal);
        await alice.SendChatAsync("alice", "12345");
        Assert.Contains(
            "at most 8", await project.PostUserAsync("123456789", "secret").VendorDataErrorAsync(401), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Fields(TestProject project) => new()
    {
        ["projectid"] = project.Id,
        ["username"] = "alice",
        ["password"] = "secret",
        ["recipient"] = "bob",
        ["message"] = "Hello",
        ["msgType"] = "1",
        ["ct"] = "text/plain",
    };
}
