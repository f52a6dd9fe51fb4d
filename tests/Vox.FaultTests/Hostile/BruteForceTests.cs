using System.Net;
using Vox.Tests.Fixture;

namespace Vox.Tests.Hostile;

public sealed class BruteForceTests(Backends backends)
{
    private const int Allowed = 5;

    /// <summary>All attempts start at once, so that the first is not counted yet when the last begins.</summary>
    [Fact]
    [Promise("VOX-H5")]
    public async Task Passwords_ManyGuessesAtOnceThroughEveryDoor_NoMoreAreTriedThanAllowed()
    {
        await using var app = await VoxApp.StartAsync(backends, [$"Limits:WrongPasswordsPerMinute={Allowed}"]);
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("bob");
        foreach (var door in new Func<TestUser, string, Task<HttpResponseMessage>>[]
        {
            (user, guess) => user.PostLogInAsync(guess),
            (user, guess) => (user with { Password = guess }).PostChatAsync("bob", "text"),
        })
        {
            foreach (var exists in (bool[])[true, false])
            {
                var name = "victim" + Guid.NewGuid().ToString("N");
                var user = exists ? await project.CreateUserAsync(name) : new TestUser(project, name, "none");

                var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => door(user, $"guess {n}")));

                // A new minute may begin while the attempts come in.
                Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), 1, 2 * Allowed);
                Assert.All(
                    answers,
                    answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests }));
            }
        }
    }

    [Fact]
    public async Task Passwords_ManyRightOnesAtOnce_AllPass()
    {
        await using var app = await VoxApp.StartAsync(backends, [$"Limits:WrongPasswordsPerMinute={Allowed}"]);
        var project = await app.CreateProjectAsync();
        var user = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => user.PostChatAsync("bob", $"text {n}")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }
}
