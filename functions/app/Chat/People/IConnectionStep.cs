using Vox.Chat.Model;

namespace Vox.Chat.People;

/// <summary>What a feature does when a live connection of a user begins.</summary>
public interface IConnectionStep
{
    Task ConnectedAsync(UserIdentity user, CancellationToken cancellationToken);
}
