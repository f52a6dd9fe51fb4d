using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Portal.Usage;

/// <summary>Which messages of a project's log are wanted; null: no limit.</summary>
/// <param name="Group">The name or the id of a group.</param>
/// <param name="Start">The earliest time, in milliseconds since 1970.</param>
/// <param name="End">The latest time, in milliseconds since 1970.</param>
public sealed record UsageHistoryQuery(string? From, string? To, string? Group, long? Start, long? End)
{
    /// <exception cref="VoxException">invalid_field</exception>
    public ChatLogFilter ToFilter()
    {
        var (to, group) = (To, Group);
        // Messages are sent to a group's id. It finds all messages of the group and no others, even if the group was renamed or shares its
        // name.
        if (group is not null && ConversationKey.IsGroupId(group) && (to is null || to == group))
        {
            (to, group) = (group, null);
        }

        return Start > End
            ? throw new VoxException(Errors.InvalidField, "start is after end.", "start")
            : new ChatLogFilter(From, to, Start, End, group);
    }
}
