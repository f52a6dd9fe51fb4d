using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Platform.Caching;
using Vox.Platform.Limits;

namespace Vox.Chat.Conversations.Messages;

/// <summary>
/// How often a user may be heard typing: in one conversation once in <see cref="MessageOptions.TypingSeconds"/>, and over all of them as
/// often as <see cref="RateLimits"/> lets them send. Each process counts for itself, as all limits do.
/// </summary>
public sealed class TypingLimits(RateLimits limits, IOptions<MessageOptions> options, TimeProvider time)
{
    private readonly ExpiringCache<(UserKey User, string Target), bool> told =
        new(50_000, TimeSpan.FromSeconds(options.Value.TypingSeconds), time);

    /// <param name="target">The other user's login id, or the group's id.</param>
    /// <returns>False when the signal is to be dropped: those who would hear it know already, or the user sends too much.</returns>
    public bool TryTake(UserKey user, string target)
    {
        // Those that are told already cost nothing, and so use up nothing.
        if (told.TryGet((user, target), out _) || !limits.TryTyping(user.ProjectId, user.LoginId))
        {
            return false;
        }

        told.Set((user, target), true);
        return true;
    }
}
