using Vox.Chat.Sessions;
using Vox.Chat.Users;

namespace Vox.Chat.Contacts;

/// <summary>What a feature does when a user blocks or unblocks another user. Runs after the change was stored.</summary>
public interface IBlockStep
{
    Task BlockedAsync(Caller caller, User other, bool blocked, CancellationToken cancellationToken);
}
