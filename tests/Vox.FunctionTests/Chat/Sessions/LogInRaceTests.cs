using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Sessions;

/// <summary>Somebody logs in at the very moment at which they lose the right to.</summary>
public sealed class LogInRaceTests(Backends backends)
{
    public enum Change
    {
        Deleted,
        Disabled,
        PasswordReset,
    }

    [Theory]
    [InlineData(Change.Deleted)]
    [InlineData(Change.Disabled)]
    [InlineData(Change.PasswordReset)]
    public async Task LogIn_UserChangesAfterThePasswordWasChecked_LeavesNoSession(Change change)
    {
        var held = new StorageFaults();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(held));
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var identity = (await app.Get<UserStore>().FindAsync(new(alice.Project.Id, "alice"), CancellationToken.None))!.Identity;
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        held.Hold = request =>
        {
            // The password is checked, and the session is about to be stored.
            if (!request.Contains("sessions(", StringComparison.Ordinal) || request.StartsWith("GET", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return go.Task;
        };

        var loggingIn = alice.PostLogInAsync();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await ApplyAsync(change, other, alice);
        held.Hold = null;
        go.SetResult();

        await loggingIn.ProblemAsync("invalid_credentials");
        Assert.Empty(await other.Get<SessionStore>().ListAsync(identity, CancellationToken.None));
    }

    private static async Task ApplyAsync(Change change, VoxApp app, TestUser alice)
    {
        var users = app.Get<UserService>();
        if (change == Change.Deleted)
        {
            using var deleted = await (alice.Project with { App = app }).DeleteUserAsync(alice.LoginId);
            return;
        }

        var changed = await users.ChangeAsync(
            await alice.Project.ReadAsync(), alice.LoginId, change == Change.PasswordReset ? "another secret" : null,
            change == Change.Disabled ? true : null, CancellationToken.None);
        await app.Get<SessionEnding>().EndAllAsync(changed.Identity, CancellationToken.None);
    }
}
