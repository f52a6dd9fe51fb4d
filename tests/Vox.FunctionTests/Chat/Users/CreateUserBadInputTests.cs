using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Users;

/// <summary>What is refused, with which code, and that nothing is stored then.</summary>
public sealed class CreateUserBadInputTests(Backends backends)
{
    public static TheoryData<string, string?, int, string> BadFields => new()
    {
        { "projectid", null, 404, "projectid is missing" },
        { "projectid", "", 404, "projectid is missing" },
        { "projectid", "   ", 404, "projectid is missing" },
        { "projectid", "pid_00000000_0000_0000_0000_000000000000", 404, "project id" },
        { "projectid", "PID_x", 404, "project id" },
        { "projectid", "a/b\\c#d?e%f", 404, "project id" },
        { "projectid", new string('x', 5_000), 404, "project id" },
        { "authtoken", null, 404, "authtoken is missing" },
        { "authtoken", " ", 404, "authtoken is missing" },
        { "authtoken", "00000000_0000_0000_0000_000000000000", 404, "auth token" },
        { "username", null, 401, "username is missing" },
        { "username", "", 401, "username is missing" },
        { "username", "    ", 401, "username is missing" },
        { "username", new string('u', 129), 401, "128" },
        { "username", string.Concat(Enumerable.Repeat("漢", 100)), 401, "256 bytes" },
        { "username", "tab\there", 401, "control" },
        { "username", "line\nbreak", 401, "control" },
        { "username", "nul\0", 401, "control" },
        { "username", "del\u007f", 401, "control" },
        { "username", "c1\u0085x", 401, "control" },
        { "username", "\u200b\u2060", 401, "visible" },
        { "username", "\u3164", 401, "visible" },
        { "username", "gABCDEFGHIJKLMNOPQRSTUV", 401, "group" },
        { "password", null, 401, "password is missing" },
        { "password", "", 401, "password is missing" },
        { "password", "    ", 401, "password is missing" },
        { "password", new string('p', 257), 401, "256" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task CreateUser_BadField_IsRefusedWithASentenceAndNothingIsStored(string field, string? value, int code, string says)
    {
        var project = await backends.App.CreateProjectAsync();
        var fields = Fields(project).With((field, value));

        foreach (var carrier in Enum.GetValues<Carrier>())
        {
            var sentence = await backends.App.CallAsync(HttpMethod.Post, "/api/user", carrier, fields).VendorDataErrorAsync(code);
            Assert.Contains(says, sentence, StringComparison.Ordinal);
        }

        await new TestUser(project, "alice", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
        if (field == "username" && value?.Trim() is { Length: > 0 and < 5_000 } name)
        {
            await new TestUser(project, name, "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
        }
    }

    [Theory]
    [InlineData("", "application/json", 404)]
    [InlineData("{", "application/json", 400)]
    [InlineData("{\"username\":\"alice\"", "application/json; charset=utf-8", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("\"text\"", "application/json", 400)]
    [InlineData("12", "application/json", 400)]
    [InlineData("{\"username\":[\"alice\"]}", "application/json", 401)]
    [InlineData("{\"username\":{\"a\":1}}", "application/json", 401)]
    [InlineData("{\"username\":\"\\ud800\"}", "application/json", 400)]
    [InlineData("{\"\\ud800\":\"alice\"}", "application/json", 400)]
    [InlineData("projectid=1&authtoken=2&username=alice&password=secret", "application/json", 400)]
    [InlineData("{\"projectid\":\"1\"}", "application/x-www-form-urlencoded", 404)]
    [InlineData("%%%&&&==", "application/x-www-form-urlencoded", 404)]
    [InlineData("{}", "text/plain", 415)]
    [InlineData("{}", null, 415)]
    [InlineData("{}", "nonsense", 415)]
    [InlineData("<a/>", "application/xml", 415)]
    [InlineData("--x--", "multipart/form-data; boundary=x", 415)]
    public async Task CreateUser_BadBody_IsRefusedWithASentence(string body, string? contentType, int code)
    {
        await backends.App.PostRawAsync("/api/user", body, contentType).VendorDataErrorAsync(code);
    }

    [Fact]
    public async Task CreateUser_BytesThatAreNoUtf8_AreRefused()
    {
        var project = await backends.App.CreateProjectAsync();
        byte[] body = [.. System.Text.Encoding.UTF8.GetBytes(
            $$"""{"projectid":"{{project.Id}}","authtoken":"{{project.Token}}","password":"secret","username":"x"""),
            0xff,
            0xfe,
            .. "\"}"u8];
        var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };

        await backends.App.Http.PostAsync("/api/user", content).VendorDataErrorAsync(400);
    }

    [Fact]
    public async Task CreateUser_FormWithManyFields_IsRefused()
    {
        var body = string.Join('&', Enumerable.Range(0, 200).Select(i => $"f{i}={i}"));

        await backends.App.PostRawAsync("/api/user", body, "application/x-www-form-urlencoded").VendorDataErrorAsync(400);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CreateUser_BodyOverTheLimit_Is413(bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/user")
        {
            Content = RestCall.Raw("{\"username\":\"" + new string('x', 300 * 1024) + "\"}"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        var sentence = await backends.App.Http.SendAsync(request).VendorDataErrorAsync(413);

        Assert.Contains("262,144 bytes", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateUser_CompressedBody_Is415()
    {
        var content = RestCall.Raw("{}");
        content.Headers.ContentEncoding.Add("gzip");

        await backends.App.Http.PostAsync("/api/user", content).VendorDataErrorAsync(415);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("HEAD")]
    public async Task User_OtherVerb_Is404(string method)
    {
        using var response = await backends.App.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/user"));

        Assert.Equal(404, (int)response.StatusCode);
    }

    [Fact]
    public async Task CreateUser_TokenOfAnotherProject_Is404()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();

        await (project with { Token = other.Token }).PostUserAsync("alice", "secret").VendorDataErrorAsync(404);

        await new TestUser(project, "alice", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
        await new TestUser(other, "alice", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task CreateUser_RotatedToken_OldOneWorksUntilTheOverlapEnds()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();
        var projects = backends.App.Get<ProjectService>();
        var newHash = (await projects.GetAsync(other.Id, CancellationToken.None)).TokenHash;

        await projects.UpdateAsync(
            project.Id,
            p => p with
            {
                PreviousTokenHash = p.TokenHash,
                PreviousTokenUntil = TimeProvider.System.GetUtcNow().AddHours(1),
                TokenHash = newHash
            },
            CancellationToken.None);
        await project.CreateUserAsync("by old token");
        await (project with { Token = other.Token }).CreateUserAsync("by new token");

        await projects.UpdateAsync(
            project.Id, p => p with { PreviousTokenUntil = TimeProvider.System.GetUtcNow().AddSeconds(-1) }, CancellationToken.None);
        await project.PostUserAsync("too late", "secret").VendorDataErrorAsync(404);
    }

    [Theory]
    [InlineData("username=%ff%fe")]
    [InlineData("username=%")]
    [InlineData("=&=&&&")]
    public async Task CreateUser_OddQuery_IsRefusedNotFailed(string query)
    {
        using var response = await backends.App.Http.PostAsync("/api/user?" + query, null);

        Assert.Equal(404, (int)response.StatusCode);
    }

    private static Dictionary<string, string?> Fields(TestProject project) => new()
    {
        ["projectid"] = project.Id,
        ["authtoken"] = project.Token,
        ["username"] = "alice",
        ["password"] = "secret",
    };
}
