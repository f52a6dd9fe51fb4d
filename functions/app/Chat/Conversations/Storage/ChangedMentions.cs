using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// Whom the edits of one transaction mention anew. They are counted as if the message had mentioned them from the beginning. Whom an edit
/// mentions no longer keeps the count until they have read the message: taking it back would cost a row for each.
/// </summary>
internal sealed class ChangedMentions(ConversationKey key, ReadForChanges read)
{
    private readonly Dictionary<string, SortedSet<long>> added = new(StringComparer.Ordinal);
    private readonly SortedSet<long> ofAll = [];

    /// <summary>Whether there is a new mention of everybody, which the head has to note.</summary>
    public bool OfAllChanged => ofAll.Count > 0;

    public static bool Differ(MessageDraft before, WantedEdit edit) =>
        (edit.MentionsAll is { } all && all != before.MentionsAll)
        || (edit.Mentions is { } mentions && !mentions.ToHashSet(StringComparer.Ordinal).SetEquals(before.Mentions));

    /// <summary>Login ids of those whom an edit mentions and the message does not.</summary>
    public static IEnumerable<string> New(MessageDraft before, WantedEdit edit) =>
        (edit.Mentions ?? []).Except(before.Mentions, StringComparer.Ordinal);

    /// <param name="role">Of who edits; null outside of groups.</param>
    /// <exception cref="VoxException">invalid_field, member_not_found, not_allowed. Then nothing is changed.</exception>
    public void Apply(ChangedMessageRows message, WantedEdit edit, GroupRole? role)
    {
        if (edit.Mentions is { Count: > 0 } && (!key.IsGroup || key.IsBroadcast))
        {
            throw new VoxException(
                Errors.InvalidField, "Only a message to a group, but not a broadcast group, mentions members.", "mentions");
        }

        if (edit.MentionsAll == true && !key.IsGroup)
        {
            throw new VoxException(Errors.InvalidField, "Only a message to a group can mention everybody.", "mentionsAll");
        }

        var before = message.Message;
        var named = New(before.Draft, edit).ToList();
        if (named.Find(name => read.Members.GetValueOrDefault(name) is not { Left: false }) is { } stranger)
        {
            throw new VoxException(
                Errors.MemberNotFound, $"mentions names “{stranger}”, who is not a member of the group.", "mentions");
        }

        var everybody = edit.MentionsAll == true && !before.Draft.MentionsAll;
        if (everybody && !(role >= edit.MentionsAllFrom))
        {
            throw new VoxException(Errors.NotAllowed, "Only admins and the owner of the group may mention everybody here.", "mentionsAll");
        }

        foreach (var name in named.Where(name => name != before.Draft.From))
        {
            if (!added.TryGetValue(name, out var sequences))
            {
                added[name] = sequences = [];
            }

            sequences.Add(before.Sequence);
        }

        if (everybody)
        {
            ofAll.Add(before.Sequence);
        }

        if (edit.Mentions is { } mentions && !mentions.SequenceEqual(before.Draft.Mentions, StringComparer.Ordinal))
        {
            message.Set("Mentions", SendFieldRows.WriteMentions(mentions));
        }

        if (edit.MentionsAll is { } all && all != before.Draft.MentionsAll)
        {
            message.Set("MentionsAll", all);
        }
    }

    /// <summary>The head's mentions of everybody, with the new ones in their places.</summary>
    public IReadOnlyList<long>? OfAll(IReadOnlyList<long>? before) => ofAll.Count == 0 || before is null
        ? before
        : [.. before.Union(ofAll).Order().TakeLast(CommitAttempt.MaxAllMentions)];

    /// <summary>All members whose unread mentions change, with what the messages of the same transaction mention.</summary>
    /// <param name="sent">Of those messages, by login id.</param>
    public IEnumerable<(string LoginId, IReadOnlyList<long> Mentioned)> With(IReadOnlyDictionary<string, IReadOnlyList<long>> sent)
    {
        foreach (var (loginId, mentioned) in sent)
        {
            if (!added.ContainsKey(loginId))
            {
                yield return (loginId, mentioned);
            }
        }

        foreach (var (loginId, sequences) in added)
        {
            var before = sent.GetValueOrDefault(loginId) ?? read.Members[loginId]!.WithMentions([]);
            yield return (loginId, [.. before.Union(sequences).Order().TakeLast(GroupMember.MaxMentioned)]);
        }
    }
}
