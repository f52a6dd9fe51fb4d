using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Refusals that are common to sending to, reading and changing a group.</summary>
internal static class GroupErrors
{
    public static VoxException NotAMember() => new(Errors.NotAMember, "You are not a member of this group.", "group");

    public static VoxException NoGroup() => new(Errors.GroupNotFound, "There is no such group, or it was deleted.", "group");
}
