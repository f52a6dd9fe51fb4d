using Vox.Tests.Fixture;

namespace Vox.Tests.Users;

public sealed class CreateUserTests(Backends backends)
{
    [Theory]
    [InlineData(Carrier.Form)]
    [InlineData(Carrier.Json)]
    [InlineData(Carrier.Query)]
    public async Task CreateUser_FieldsCarriedInAnyWay_AnswersAsTheGuideAndTheUserCanLogIn(Carrier carrier)
    {
        var project = await backends.App.CreateProjectAsync();

        var answer = await backends.App.CallAsync(HttpMethod.Post, "/api/user", carrier, Fields(project)).TextAsync();

        Assert.Equal("""{"data":{"code":200,"message":"User created"}}""", answer);
        Assert.Equal("alice", (await new TestUser(project, "alice", "secret").LogInAsync()).LoginId);
    }

    [Fact]
    public async Task CreateUser_GuidesCurlExample_Works()
    {
        var project = await backends.App.CreateProjectAsync();

        var answer = await backends.App.PostRawAsync(
            "/api/user", $"authtoken={project.Token}&projectid={project.Id}&username=alice&password=secret",
            "application/x-www-form-urlencoded").TextAsync();

        Assert.Equal("""{"data":{"code":200,"message":"User created"}}""", answer);
    }

    [Fact]
    public async Task CreateUser_BlanksAroundValuesAndNamesInCapitals_AreTolerated()
    {
        var project = await backends.App.CreateProjectAsync();

        await backends.App.CallAsync(HttpMethod.Post, "/api/user", Carrier.Form, new Dictionary<string, string?>
        {
            [" ProjectId"] = project.Id + " ",
            ["AUTHTOKEN "] = " " + project.Token,
            ["username"] = " alice  ",
            ["password"] = "secret",
        }).TextAsync();

        await new TestUser(project, "alice", "secret").LogInAsync();
    }

    [Fact]
    public async Task CreateUser_PasswordWithBlanksAround_TheBlanksInsideCount()
    {
        var project = await backends.App.CreateProjectAsync();

        var user = await project.CreateUserAsync("alice", " se cret ");

        await user.LogInAsync();
        await user.PostLogInAsync("se cret").TextAsync();
        await user.PostLogInAsync("secret").ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task CreateUser_SameFieldInBodyAndQuery_BodyWins()
    {
        var project = await backends.App.CreateProjectAsync();

        await backends.App.CallAsync(HttpMethod.Post, "/api/user?username=mallory", Carrier.Json, Fields(project)).TextAsync();

        await new TestUser(project, "alice", "secret").LogInAsync();
        await new TestUser(project, "mallory", "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task CreateUser_SameNameInTwoProjects_AreTwoUsers()
    {
        var one = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();
        await one.CreateUserAsync("alice", "first password");

        var second = await other.CreateUserAsync("alice", "second password");

        await second.LogInAsync();
        await second.PostLogInAsync("first password").ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task CreateUser_NamesThatDifferInCase_AreTwoUsers()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice", "small letter");

        var capital = await project.CreateUserAsync("Alice", "capital letter");

        Assert.Equal("Alice", (await capital.LogInAsync()).LoginId);
        await capital.PostLogInAsync("small letter").ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task CreateUser_NameTaken_Is401AndTheFirstKeepsItsPassword()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice", "first password");

        var sentence = await project.PostUserAsync("alice", "second password").VendorDataErrorAsync(401);

        Assert.Contains("exists", sentence, StringComparison.Ordinal);
        await alice.LogInAsync();
        await alice.PostLogInAsync("second password").ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task CreateUser_SameNameAtOnce_ExactlyOneSucceeds()
    {
        var project = await backends.App.CreateProjectAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => project.PostUserAsync("alice", $"password {i}")));

        Assert.Single(answers, answer => (int)answer.StatusCode == 200);
        Assert.All(answers.Where(answer => !answer.IsSuccessStatusCode), answer => Assert.Equal(401, (int)answer.StatusCode));
        var winner = Array.FindIndex(answers, answer => answer.IsSuccessStatusCode);
        await new TestUser(project, "alice", $"password {winner}").LogInAsync();
    }

    private static Dictionary<string, string?> Fields(TestProject project) => new()
    {
        ["projectid"] = project.Id,
        ["authtoken"] = project.Token,
        ["username"] = "alice",
        ["password"] = "secret",
    };
}
