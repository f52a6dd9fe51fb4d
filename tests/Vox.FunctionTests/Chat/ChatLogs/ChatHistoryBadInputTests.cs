using Vox.Tests.Fixture;

namespace Vox.Tests.ChatLogs;

public sealed class ChatHistoryBadInputTests(Backends backends)
{
    public static TheoryData<string, string?, int, string> BadFields => new()
    {
        { "projectid", null, 401, "projectid is missing" },
        { "projectid", " ", 401, "projectid is missing" },
        { "projectid", "pid_00000000_0000_0000_0000_000000000000", 401, "project id" },
        { "projectid", "a/b\\c#d?e%f\0", 401, "project id" },
        { "authtoken", null, 401, "authtoken is missing" },
        { "authtoken", "wrong", 401, "auth token" },
        { "offset", null, 400, "offset is missing" },
        { "offset", "", 400, "offset is missing" },
        { "offset", "-1", 400, "offset must be" },
        { "offset", "2147483648", 400, "offset must be" },
        { "offset", "99999999999999999999999999", 400, "offset must be" },
        { "offset", "1.5", 400, "offset must be" },
        { "offset", "NULL", 400, "offset must be" },
        { "offset", "١", 400, "offset must be" },
        { "size", null, 400, "size is missing" },
        { "size", "0", 400, "from 1 to 1000" },
        { "size", "-5", 400, "from 1 to 1000" },
        { "size", "1001", 400, "from 1 to 1000" },
        { "size", "ten", 400, "from 1 to 1000" },
        { "starttime", "yesterday", 400, "starttime must be" },
        { "starttime", "2026-02-30 00:00:00", 400, "starttime must be" },
        { "starttime", "2026-01-01", 400, "starttime must be" },
        { "starttime", "2026-01-01T00:00:00Z", 400, "starttime must be" },
        { "starttime", "1969-12-31 23:59:59", 400, "starttime must be" },
        { "starttime", "0000-00-00 00:00:00", 400, "starttime must be" },
        { "endtime", "31.12.2026", 400, "endtime must be" },
        { "endtime", "2026-01-01 24:00:00", 400, "endtime must be" },
        { "endtime", "10000-01-01 00:00:00", 400, "endtime must be" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task History_BadField_IsRefusedWithASentence(string field, string? value, int code, string says)
    {
        var project = await backends.App.CreateProjectAsync();

        var sentence = await backends.App.GetAsync("/api/getchathistory", Fields(project).With((field, value))).VendorDataErrorAsync(code);

        Assert.Contains(says, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_StartAfterEnd_IsRefused()
    {
        var project = await backends.App.CreateProjectAsync();

        var sentence = await backends.App.GetAsync("/api/getchathistory", Fields(project).With(
            ("starttime", "2026-01-01 00:00:01"), ("endtime", "2026-01-01 00:00:00"))).VendorDataErrorAsync(400);

        Assert.Contains("starttime is after endtime", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_LatestPossibleTimes_AreTaken()
    {
        var project = await backends.App.CreateProjectAsync();

        await backends.App.GetAsync("/api/getchathistory", Fields(project).With(
            ("starttime", "1970-01-01 00:00:00"), ("endtime", "9999-12-31 23:59:59"), ("offset", "2147483647"))).TextAsync();
    }

    [Theory]
    [InlineData("fromnumber", "bell\u0007")]
    [InlineData("fromnumber", "' or From ne '")]
    [InlineData("tonumber", "\u0000")]
    [InlineData("tonumber", "😀")]
    public async Task History_FilterByANameThatCannotBe_IsEmpty(string field, string value)
    {
        var project = await backends.App.CreateProjectAsync();
        await (await project.CreateUserAsync("alice")).SendChatAsync("alice", "Hello");

        var answer = await backends.App.GetAsync("/api/getchathistory", Fields(project).With((field, value))).TextAsync();

        Assert.Equal("""{"data":{"message":[]}}""", answer);
    }

    [Fact]
    public async Task History_FilterByAVeryLongName_IsEmpty()
    {
        var project = await backends.App.CreateProjectAsync();

        await backends.App.GetAsync("/api/getchathistory", Fields(project).With(("fromnumber", new string('n', 4_000)))).TextAsync();
    }

    private static Dictionary<string, string?> Fields(TestProject project) => new()
    {
        ["projectid"] = project.Id,
        ["authtoken"] = project.Token,
        ["offset"] = "0",
        ["size"] = "10",
    };
}
