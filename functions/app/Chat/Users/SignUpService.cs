using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Users;

/// <summary>
/// Lets pages create users of the projects that are open for it. Anyone who has the page can do it, and users cost the project's owner
/// money. So a limit per minute keeps a script from filling the project.
/// </summary>
public sealed class SignUpService(UserService users, IOptions<UserOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (DateTimeOffset Minute, int Count)> counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> open =
        [.. options.Value.SelfSignUp.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>Repeated with the same password, it returns the same user, because an answer may have been lost.</summary>
    /// <exception cref="VoxException">sign_up_closed, too_many_requests, user_exists, missing_field, too_long, invalid_field</exception>
    public async Task<User> SignUpAsync(Project project, string? loginId, string? password, CancellationToken cancellationToken)
    {
        if (!open.Contains("*") && !open.Contains(project.Id))
        {
            throw new VoxException(
                Errors.SignUpClosed,
                "Nobody can sign up to this project from a page: its server creates the users, or somebody in the developer portal.");
        }

        Count(project.Id);
        try
        {
            return await users.CreateUserAsync(project, loginId, password, "loginId", cancellationToken);
        }
        catch (VoxException e) when (e.Error == Errors.UserExists)
        {
            try
            {
                return await users.AuthenticateAsync(project.User(loginId!), password!, cancellationToken);
            }
            catch (VoxException wrong) when (wrong.Error == Errors.InvalidCredentials)
            {
                throw new VoxException(Errors.UserExists, "This login id is taken: choose another one.", "loginId");
            }
        }
    }

    private void Count(string projectId)
    {
        var now = time.GetUtcNow();
        var count = counts.AddOrUpdate(
            projectId, _ => (now, 1),
            (_, known) => now - known.Minute < TimeSpan.FromMinutes(1) ? (known.Minute, known.Count + 1) : (now, 1));
        if (count.Count > options.Value.SelfSignUpsPerMinute)
        {
            throw new VoxException(
                Errors.TooManyRequests, "Too many users have signed up in the last minute: try again in a minute.",
                retryAfter: TimeSpan.FromMinutes(1));
        }
    }
}
