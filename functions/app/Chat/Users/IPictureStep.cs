using Vox.Chat.Model;

namespace Vox.Chat.Users;

/// <summary>What a feature does when somebody makes a file the picture of a user or a group.</summary>
public interface IPictureStep
{
    /// <param name="key">The key of a file; empty for no picture.</param>
    Task ChosenAsync(UserIdentity by, string key, CancellationToken cancellationToken);
}
