using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Checks of what only some messages have, as far as they need no storage request.</summary>
internal static class SendFieldChecks
{
    /// <summary>Bytes of custom data, as JSON in UTF-8.</summary>
    public const int MaxCustomBytes = 4_096;

    /// <summary>Members whom one message mentions.</summary>
    public const int MaxMentions = 50;

    /// <exception cref="VoxException">invalid_field, too_long</exception>
    public static MessageDraft Apply(MessageDraft draft, SendMessageRequest request)
    {
        // Apps that know no threads show at least what it answers.
        var thread = ReplyTo(request.Thread, "thread");
        var replyTo = request.ReplyTo is null ? thread : ReplyTo(request.ReplyTo);
        var mentions = Mentions(draft.To, request.Mentions);
        CheckMentionsAll(draft.To, request.MentionsAll);

        var custom = JsonObjectText.Check(request.Custom, "custom", MaxCustomBytes) ?? "";
        return custom.Length == 0 && mentions.Count == 0 && replyTo == 0 && request is { Silent: not true, MentionsAll: not true }
            ? draft
            : draft with
            {
                Custom = custom,
                Mentions = mentions,
                MentionsAll = request.MentionsAll ?? false,
                Silent = request.Silent ?? false,
                ReplyTo = replyTo,
                Thread = thread,
            };
    }

    /// <returns>0 for none.</returns>
    /// <exception cref="VoxException">invalid_field</exception>
    public static long ReplyTo(long? sequence, string field = "replyTo") => sequence is <= 0 or > Platform.Storage.Keys.MaxSequence
        ? throw new VoxException(Errors.InvalidField, $"{field} must be the sequence of a message of this conversation.", field)
        : sequence ?? 0;

    /// <exception cref="VoxException">invalid_field</exception>
    public static void CheckMentionsAll(string to, bool? mentionsAll)
    {
        if (mentionsAll == true && !ConversationKey.IsGroupId(to))
        {
            throw new VoxException(Errors.InvalidField, "Only a message to a group can mention everybody.", "mentionsAll");
        }
    }

    /// <param name="to">The recipient, or the conversation.</param>
    /// <returns>In their canonical form, each once.</returns>
    /// <exception cref="VoxException">invalid_field, too_long</exception>
    public static IReadOnlyList<string> Mentions(string to, IReadOnlyList<string>? mentions)
    {
        if (mentions is not { Count: > 0 })
        {
            return [];
        }

        if (!ConversationKey.IsGroupId(to))
        {
            throw new VoxException(Errors.InvalidField, "Only a message to a group can mention members.", "mentions");
        }

        if (new ConversationKey("", to).IsBroadcast)
        {
            // Its members have no rows that a message touches.
            throw new VoxException(
                Errors.InvalidField, "A message to a broadcast group mentions nobody, or everybody with mentionsAll.", "mentions");
        }

        return Names(mentions);
    }

    /// <summary>Whatever conversation it is.</summary>
    /// <inheritdoc cref="Mentions"/>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> mentions)
    {
        if (mentions.Count > MaxMentions)
        {
            throw new VoxException(
                Errors.TooLong, $"mentions may have at most {MaxMentions} login ids: use mentionsAll to mention everybody.", "mentions");
        }

        var names = mentions.Select(name => LoginIds.Canonical(name ?? "")).Distinct(StringComparer.Ordinal).ToList();
        return names.TrueForAll(name => name.Length is > 0 and <= 1_000 && LoginIds.IsText(name) && !name.Any(char.IsControl))
            ? names
            : throw new VoxException(Errors.InvalidField, "mentions must be a list of login ids.", "mentions");
    }
}
