using System.Net.Http.Json;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.Security;
using Vox.Tests.Fixture;

namespace Vox.Tests.Users;

/// <summary>
/// One login id and one password, however they are typed: with blanks around them, composed or decomposed, at every door.
/// </summary>
public sealed class LoginIdFormTests(Backends backends)
{
    private const string Composed = "zo\u00eb";
    private const string Decomposed = "zoe\u0308";

    [Theory]
    [InlineData("eve ", "eve")]
    [InlineData("eve", " eve ")]
    [InlineData("\u00a0eve", "eve")]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    public async Task LogIn_IdTypedInAnotherForm_IsTheSameUserAtEveryDoor(string created, string typed)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync(created);
        var id = LoginIds.Canonical(created);

        var session = await new TestUser(project, typed, "secret").LogInAsync();
        await new TestUser(project, typed, "secret").SendChatAsync(typed, "to myself");
        var ben = await (await project.CreateUserAsync("ben")).LogInAsync();
        await ben.SendMessageAsync(typed, "hello");

        Assert.Equal(id, session.LoginId);
        var history = await project.HistoryAsync(query: "tonumber=" + Uri.EscapeDataString(typed));
        Assert.Equal([(id, "hello"), (id, "to myself")], history.Select(row => (row.To, row.Data)));
        var page = await ben.GetJsonAsync("/api/v1/messages?with=" + Uri.EscapeDataString(typed));
        Assert.Equal(1, page.GetProperty("messages").GetArrayLength());
        var found = (await ben.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { typed } })).GetProperty("users");
        Assert.Equal(id, Assert.Single(found.EnumerateArray()).GetProperty("id").GetString());
        Assert.True((await ben.PostJsonAsync("/api/v1/contacts", new { id = typed })).GetProperty("registered").GetBoolean());
        await project.PostUserAsync(typed, "another one").VendorDataErrorAsync(401);
        Assert.Equal(200, (int)(await project.DeleteUserAsync(typed)).StatusCode);
        await new TestUser(project, created, "secret").PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Theory]
    [InlineData("gr\u00fc\u00df dich", "gru\u0308\u00df dich")]
    [InlineData("gru\u0308\u00df dich", "gr\u00fc\u00df dich")]
    [InlineData("pass word", " pass word\u3000")]
    public async Task LogIn_PasswordTypedOnAnotherKeyboard_IsTheSamePassword(string created, string typed)
    {
        var project = await backends.App.CreateProjectAsync();
        var user = await project.CreateUserAsync("alice", created);

        await user.PostLogInAsync(typed).TextAsync();
        await (user with { Password = typed }).SendChatAsync("alice", "hello");
        await user.PostLogInAsync(typed + "x").ProblemAsync("invalid_credentials");
    }

    [Theory]
    [InlineData(Decomposed, " secret ")]
    [InlineData("alice", " secret ")]
    public async Task LogIn_UserFromBeforeThereWasOneForm_StillCan(string id, string password)
    {
        var app = backends.App;
        var project = await app.CreateProjectAsync();
        var hash = await app.Get<PasswordHasher>().HashAsync(password, CancellationToken.None);
        await app.Get<UserStore>().TryAddAsync(
            new User(project.Id, id, "uid-of-old", hash, TimeProvider.System.GetUtcNow(), null, default), CancellationToken.None);

        var session = await new TestUser(project, id, password).LogInAsync();
        await session.SendMessageAsync(id, "to myself");

        Assert.Equal(id, session.LoginId);
        Assert.Equal(200, (int)(await project.DeleteUserAsync(id)).StatusCode);
    }

    [Fact]
    public async Task CreateUser_NamedLikeAGroup_IsRefusedAndTheMembersKeepReadingTheGroup()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Friends" })).GetProperty("id").GetString()!;
        await alice.SendMessageAsync(group, "in the group");

        var sentence = await project.PostUserAsync(group, "secret").VendorDataErrorAsync(401);

        Assert.Contains("group", sentence, StringComparison.Ordinal);
        // A user from before such names were refused.
        await backends.App.Get<UserStore>().TryAddAsync(
            new User(project.Id, group, "uid-of-old", "-", TimeProvider.System.GetUtcNow(), null, default), CancellationToken.None);
        var page = await alice.GetJsonAsync("/api/v1/messages?with=" + group);
        Assert.Equal("in the group", Assert.Single(page.GetProperty("messages").EnumerateArray()).GetProperty("data").GetString());
        Assert.Equal(group, page.GetProperty("conversation").GetString());
    }

    [Fact]
    public async Task Messages_WithAUserOfOldNamedLikeAGroupThatIsNone_AreTheirConversation()
    {
        const string Name = "gABCDEFGHIJKLMNOPQRSTUV";
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await backends.App.Get<UserStore>().TryAddAsync(
            new User(project.Id, Name, "uid-of-old", "-", TimeProvider.System.GetUtcNow(), null, default), CancellationToken.None);

        await alice.SendMessageAsync(Name, "hello");

        var page = await alice.GetJsonAsync("/api/v1/messages?with=" + Name);
        Assert.Equal("hello", Assert.Single(page.GetProperty("messages").EnumerateArray()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task SignUp_PasswordShorterThanTheProjectAsksFor_IsRefusedAndAnOldOneStillGood()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Users:SelfSignUp=*"]);
        var project = await app.CreateProjectAsync();
        var old = await project.CreateUserAsync("alice", "short");
        await app.Get<ProjectService>().UpdateAsync(project.Id, p => p with { MinPasswordLength = 8 }, CancellationToken.None);

        var sentence = await SignUpAsync("  seven77  ").ProblemAsync("invalid_field", "password");

        Assert.Contains("8", sentence, StringComparison.Ordinal);
        await SignUpAsync("eight888").TextAsync();
        await old.LogInAsync();
        // The guide's API is as it was: the project's own server answers for its passwords.
        await project.CreateUserAsync("bob", "1");

        Task<HttpResponseMessage> SignUpAsync(string password) =>
            app.Http.PostAsJsonAsync("/api/v1/users", new { projectId = project.Id, loginId = "carol", password });
    }
}
