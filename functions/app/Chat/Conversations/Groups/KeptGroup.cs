using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Groups;

/// <summary>What a customer's server keeps with a group that it begins.</summary>
/// <param name="Key">The group's key, made of <paramref name="OwnId"/>; null for a random one.</param>
/// <param name="OwnId">The customer's own id; empty for none.</param>
/// <param name="Custom">A JSON object; empty for none.</param>
public sealed record KeptGroup(ConversationKey? Key, string OwnId, string Custom);
