using Vox.Chat.Model;

namespace Vox.Chat.People;

/// <summary>Who may know about a user. The contacts implement it, because profiles and presence lie below them.</summary>
public interface IAudience
{
    /// <summary>All who have the user in their contacts, without those whom the user has blocked.</summary>
    /// <param name="onlyContacts">Only those whom the user has in their own contacts.</param>
    Task<IReadOnlyList<UserIdentity>> FindAsync(UserIdentity user, bool onlyContacts, CancellationToken cancellationToken);

    /// <summary>The users who have the login id in their contacts.</summary>
    Task<List<UserIdentity>> FindWatchersAsync(UserKey user, CancellationToken cancellationToken);

    /// <summary>All who have blocked the login id.</summary>
    Task<IReadOnlySet<UserIdentity>> BlockersAsync(UserKey user, CancellationToken cancellationToken);

    /// <summary>Whether the user has <paramref name="other"/> in their contacts.</summary>
    Task<bool> IsContactAsync(UserIdentity user, string other, CancellationToken cancellationToken);

    /// <summary>Whether the user has blocked <paramref name="other"/>.</summary>
    Task<bool> IsBlockedAsync(UserIdentity user, string other, CancellationToken cancellationToken);
}
