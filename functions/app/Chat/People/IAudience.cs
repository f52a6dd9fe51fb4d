using Vox.Chat.Model;

namespace Vox.Chat.People;

/// <summary>Who may know about a user. The contacts implement it, because profiles and presence lie below them.</summary>
public interface IAudience
{
    /// <summary>The login ids of all who have the user in their contacts, without those whom the user has blocked.</summary>
    Task<IReadOnlyList<string>> FindAsync(UserKey user, CancellationToken cancellationToken);

    /// <summary>Whether <paramref name="loginId"/> has blocked <paramref name="other"/>.</summary>
    Task<bool> IsBlockedAsync(UserKey user, string other, CancellationToken cancellationToken);
}
