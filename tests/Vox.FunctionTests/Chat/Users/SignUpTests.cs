using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Users;

/// <summary>Users who create themselves: only where the operator has opened the project for it.</summary>
public sealed class SignUpTests(Backends backends)
{
    [Fact]
    public async Task SignUp_ProjectIsOpen_UserCanLogInAndARepetitionIsTheSame()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Users:SelfSignUp=*"]);
        var project = await app.CreateProjectAsync();

        Assert.Equal("""{"loginId":"carol"}""", await PostAsync(app, project.Id, "carol", "secret").TextAsync());
        Assert.Equal("""{"loginId":"carol"}""", await PostAsync(app, project.Id, "carol", "secret").TextAsync());

        Assert.Equal("carol", (await new TestUser(project, "carol", "secret").LogInAsync()).LoginId);
        await PostAsync(app, project.Id, "carol", "another").ProblemAsync("user_exists", "loginId");
        Assert.Equal("carol", (await new TestUser(project, "carol", "secret").LogInAsync()).LoginId);
    }

    [Fact]
    public async Task SignUp_ProjectIsNotNamed_Closed()
    {
        var project = await backends.App.CreateProjectAsync();
        await using var app = await VoxApp.StartAsync(
            backends, ["Users:SelfSignUp=pid_other, pid_1"], tablePrefix: backends.App.TablePrefix);

        await PostAsync(backends.App, project.Id, "carol", "secret").ProblemAsync("sign_up_closed");
        await PostAsync(app, project.Id, "carol", "secret").ProblemAsync("sign_up_closed");
        await new TestUser(project, "carol", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task SignUp_ProjectIsNamed_OnlyThatOneIsOpen()
    {
        var (open, closed) = (await backends.App.CreateProjectAsync(), await backends.App.CreateProjectAsync());
        await using var app = await VoxApp.StartAsync(
            backends, [$"Users:SelfSignUp=pid_other,{open.Id}"], tablePrefix: backends.App.TablePrefix);

        await PostAsync(app, open.Id, "carol", "secret").TextAsync();
        await PostAsync(app, closed.Id, "carol", "secret").ProblemAsync("sign_up_closed");
    }

    [Fact]
    public async Task SignUp_TooManyInAMinute_RefusedUntilItIsOver()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, time, "Users:SelfSignUp=*", "Users:SelfSignUpsPerMinute=2");
        var (project, other) = (await app.CreateProjectAsync(), await app.CreateProjectAsync());
        await PostAsync(app, project.Id, "one", "secret").TextAsync();
        await PostAsync(app, project.Id, "two", "secret").TextAsync();

        await PostAsync(app, project.Id, "three", "secret").ProblemAsync("too_many_requests");
        await PostAsync(app, other.Id, "three", "secret").TextAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await PostAsync(app, project.Id, "three", "secret").TextAsync();
    }

    [Theory]
    [InlineData(null, "secret", "missing_field", "loginId")]
    [InlineData("\u200b", "secret", "invalid_field", "loginId")]
    [InlineData("carol", "", "missing_field", "password")]
    public async Task SignUp_BadInput_SaysWhatIsWrong(string? loginId, string? password, string code, string field)
    {
        await using var app = await VoxApp.StartAsync(backends, ["Users:SelfSignUp=*"]);
        var project = await app.CreateProjectAsync();

        await PostAsync(app, project.Id, loginId, password).ProblemAsync(code, field);
        await PostAsync(app, "pid_unknown", "carol", "secret").ProblemAsync("project_not_found");
        await PostAsync(app, null, "carol", "secret").ProblemAsync("missing_field", "projectId");
    }

    [Fact]
    public async Task SignUp_FromAPageOfAnotherOrigin_Refused()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Users:SelfSignUp=*"]);
        var project = await app.CreateProjectAsync();
        await app.Get<ProjectService>().UpdateAsync(
            project.Id, p => p with { AllowedOrigins = ["https://mine.example"] }, CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/users")
        {
            Content = JsonContent.Create(new { projectId = project.Id, loginId = "carol", password = "secret" }),
            Headers = { { "Origin", "https://other.example" } },
        };

        await app.Http.SendAsync(request).ProblemAsync("origin_not_allowed");
    }

    private static Task<HttpResponseMessage> PostAsync(VoxApp app, string? projectId, string? loginId, string? password) =>
        app.Http.PostAsJsonAsync("/api/v1/users", new { projectId, loginId, password });
}
