using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>What a change comes to.</summary>
/// <param name="Closes">Deletes the group.</param>
/// <param name="Expels">Somebody goes against their will: the change fails unless they are certainly out of the live group.</param>
public sealed record GroupPlan(GroupInfo Info, IReadOnlyList<MemberChange> Members, bool Closes = false, bool Expels = false);
