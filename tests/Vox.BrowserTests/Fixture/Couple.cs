namespace Vox.Tests.Fixture;

/// <summary>Alice and Bob, each in a browser of their own, logged in and connected.</summary>
public sealed class Couple : IAsyncDisposable
{
    private Couple(TestProject project, ChatPage alice, ChatPage bob) => (Project, Alice, Bob) = (project, alice, bob);

    public TestProject Project { get; }

    public ChatPage Alice { get; }

    public ChatPage Bob { get; }

    public static Task<Couple> MeetAsync(Backends backends, Browser browser) => MeetAsync(backends, user => browser.LogInAsync(user));

    public static async Task<Couple> MeetAsync(Backends backends, Func<TestUser, Task<ChatPage>> logInAsync)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        var pages = await Task.WhenAll(logInAsync(alice), logInAsync(bob));
        await Task.WhenAll(pages[0].WaitUntilLiveAsync(), pages[1].WaitUntilLiveAsync());
        return new Couple(project, pages[0], pages[1]);
    }

    public void Deconstruct(out ChatPage alice, out ChatPage bob) => (alice, bob) = (Alice, Bob);

    public async ValueTask DisposeAsync()
    {
        await Alice.DisposeAsync();
        await Bob.DisposeAsync();
    }
}
