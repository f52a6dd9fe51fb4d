using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;

namespace Vox.Chat.Users;

/// <summary>
/// Lets pages create users of the projects that are open for it. Anyone who has the page can do it, and users cost the project's owner
/// money. So a limit per minute keeps a script from filling the project.
/// </summary>
public sealed class SignUpService(UserService users, SharedCounts counts, IOptions<UserOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

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

        await CountAsync(project.Id, cancellationToken);
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

    /// <summary>Counts for all processes together. Whoever is refused costs no storage request.</summary>
    private Task CountAsync(string projectId, CancellationToken cancellationToken) => counts.ChangeAsync(
        "sign-up", projectId, before =>
        {
            var now = time.GetUtcNow();
            if (before is null || now - before.Since >= Window)
            {
                return new SharedCount(1, now, now);
            }

            return before.Count < options.Value.SelfSignUpsPerMinute
                ? before.With()
                : throw new VoxException(
                    Errors.TooManyRequests, "Too many users have signed up in the last minute: try again in a minute.", retryAfter: Window);
        },
        cancellationToken);
}
