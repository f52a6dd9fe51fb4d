using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Projects;

/// <summary>A client looks whether it has the right server and project, before anybody logs in.</summary>
public sealed class CheckProjectTests(Backends backends)
{
    [Fact]
    public async Task CheckProject_ThatExists_OnlyItsId()
    {
        var project = await backends.App.CreateProjectAsync();

        Assert.Equal($$"""{"projectId":"{{project.Id}}"}""", await backends.App.Http.GetStringAsync($"/api/v1/projects/{project.Id}"));
    }

    [Theory]
    [InlineData("pid_00000000_0000_0000_0000_000000000000")]
    [InlineData("pid_x")]
    [InlineData("a%3Fc")]
    public async Task CheckProject_ThatDoesNotExist_NotFound(string id)
    {
        await backends.App.Http.GetAsync($"/api/v1/projects/{id}").ProblemAsync("project_not_found");
    }

    [Fact]
    public async Task CheckProject_FromAPageThatMayNotUseIt_Refused()
    {
        var project = await backends.App.CreateProjectAsync();
        await backends.App.Get<ProjectService>().UpdateAsync(
            project.Id, p => p with { AllowedOrigins = ["https://mine.example"] }, CancellationToken.None);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/projects/{project.Id}")
        {
            Headers = { { "Origin", "https://other.example" } },
        };

        await backends.App.Http.SendAsync(request).ProblemAsync("origin_not_allowed");
    }
}
