using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Sessions;

public sealed class LogInTests(Backends backends)
{
    [Fact]
    public async Task LogIn_RightPassword_GivesTokensThatWork()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");

        var answer = await alice.PostLogInAsync().JsonAsync();

        Assert.Equal("alice", answer.GetProperty("loginId").GetString());
        Assert.Equal(15 * 60, answer.GetProperty("expiresIn").GetInt32());
        Assert.Equal(3, answer.GetProperty("accessToken").GetString()!.Split('.').Length);
        Assert.InRange(answer.GetProperty("serverTime").GetInt64(), 1_700_000_000_000, 10_000_000_000_000);
        await TestSession.Of(backends.App, answer).GetConversationsAsync().TextAsync();
    }

    public static TheoryData<string, string?, string, string?> BadFields => new()
    {
        { "projectId", null, "missing_field", "projectId" },
        { "projectId", "", "missing_field", "projectId" },
        { "projectId", "pid_00000000_0000_0000_0000_000000000000", "project_not_found", null },
        { "projectId", "a/b\\c#d?e%f", "project_not_found", null },
        { "loginId", null, "missing_field", "loginId" },
        { "loginId", "", "missing_field", "loginId" },
        { "loginId", "nobody", "invalid_credentials", null },
        { "loginId", "ALICE", "invalid_credentials", null },
        { "loginId", "al ice", "invalid_credentials", null },
        { "loginId", "bell\u0007", "invalid_credentials", null },
        { "loginId", "a/b\\c#d?e%f", "invalid_credentials", null },
        { "password", null, "missing_field", "password" },
        { "password", "", "missing_field", "password" },
        { "password", "wrong", "invalid_credentials", null },
        { "password", "Secret", "invalid_credentials", null },
        { "device", "0123456789012345678901234567890123456789012345678901234567890123456789", "too_long", "device" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task LogIn_BadField_IsRefusedWithItsCode(string field, string? value, string code, string? names)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var fields = new Dictionary<string, string?> { ["projectId"] = project.Id, ["loginId"] = "alice", ["password"] = "secret" };

        await backends.App.Http.PostAsJsonAsync("/api/v1/sessions", fields.With((field, value))).ProblemAsync(code, names);
    }

    [Fact]
    public async Task LogIn_UserOfAnotherProject_IsRefused()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();
        await other.CreateUserAsync("alice");

        await new TestUser(project, "alice", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task LogIn_WrongPasswordAfterTheRightOneIsRemembered_IsRefused()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await alice.LogInAsync();

        await alice.PostLogInAsync("secret2").ProblemAsync("invalid_credentials");
        await alice.PostLogInAsync("secre").ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task LogIn_BeyondTheLimit_EndsTheSessionThatWasUsedLongestAgo()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, time, "Sessions:MaxPerUser=2");
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var first = await alice.LogInAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var second = await alice.LogInAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        first = await first.RefreshAsync();
        time.Advance(TimeSpan.FromSeconds(1));

        var third = await alice.LogInAsync();

        await first.GetConversationsAsync().TextAsync();
        await third.GetConversationsAsync().TextAsync();
        await second.GetConversationsAsync().ProblemAsync("invalid_token");
        await second.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
    }
}
