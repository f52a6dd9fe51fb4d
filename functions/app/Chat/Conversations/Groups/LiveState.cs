namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// What the members' table says about one user in one group; everything false when there is no such member, or no such group.
/// </summary>
/// <param name="Listed">The group is in the user's list of conversations, also after they have left.</param>
/// <param name="Since">Tells one membership from the next.</param>
public readonly record struct LiveState(bool Listed, bool Left, bool Blocked, long Since)
{
    /// <summary>The user belongs in the live group.</summary>
    public bool Joins => Listed && !Left && !Blocked;
}
