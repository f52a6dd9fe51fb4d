using Vox.Tests.Fixture;

namespace Vox.Tests.Users;

public sealed class DeleteUserTests(Backends backends)
{
    [Theory]
    [InlineData(Carrier.Form)]
    [InlineData(Carrier.Json)]
    [InlineData(Carrier.Query)]
    public async Task DeleteUser_FieldsCarriedInAnyWay_AnswersAsTheGuideAndTheUserIsGone(Carrier carrier)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");

        var answer = await backends.App.CallAsync(HttpMethod.Delete, "/api/user", carrier, Fields(project)).TextAsync();

        Assert.Equal("""{"data":{"code":200,"message":"User deleted"}}""", answer);
        await alice.PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task DeleteUser_GuidesCurlExampleWithItsBlanks_Works()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("yyyyy");

        var answer = await backends.App.Http.DeleteAsync(
            $"/api/user?projectid={project.Id}%20&authtoken={project.Token}%20&username=yyyyy").TextAsync();

        Assert.Equal("""{"data":{"code":200,"message":"User deleted"}}""", answer);
    }

    [Fact]
    public async Task DeleteUser_UnknownName_Is401()
    {
        var project = await backends.App.CreateProjectAsync();

        await project.DeleteUserAsync("nobody").VendorDataErrorAsync(401);
    }

    [Fact]
    public async Task DeleteUser_Twice_SecondIs401()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await project.DeleteUserAsync("alice").TextAsync();

        await project.DeleteUserAsync("alice").VendorDataErrorAsync(401);
    }

    [Theory]
    [InlineData("projectid", "pid_00000000_0000_0000_0000_000000000000", 404)]
    [InlineData("projectid", null, 404)]
    [InlineData("projectid", "' or 1 eq 1 or '", 404)]
    [InlineData("authtoken", "00000000_0000_0000_0000_000000000000", 404)]
    [InlineData("authtoken", null, 404)]
    [InlineData("username", null, 401)]
    [InlineData("username", "", 401)]
    [InlineData("username", "  ", 401)]
    [InlineData("username", "al\nice", 401)]
    public async Task DeleteUser_BadField_IsRefusedAndTheUserStays(string field, string? value, int code)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");

        await backends.App.CallAsync(HttpMethod.Delete, "/api/user", Carrier.Query, Fields(project).With((field, value)))
            .VendorDataErrorAsync(code);

        await alice.LogInAsync();
    }

    [Fact]
    public async Task DeleteUser_TokenOfAnotherProject_Is404AndTheUserStays()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");

        await (project with { Token = other.Token }).DeleteUserAsync("alice").VendorDataErrorAsync(404);

        await alice.LogInAsync();
    }

    private static Dictionary<string, string?> Fields(TestProject project) => new()
    {
        ["projectid"] = project.Id,
        ["authtoken"] = project.Token,
        ["username"] = "alice",
    };
}
