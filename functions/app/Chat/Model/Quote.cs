namespace Vox.Chat.Model;

/// <summary>The message that a reply quotes, as it was when the reply was stored.</summary>
/// <param name="Sequence">Its place in the same conversation.</param>
/// <param name="FromUid">The author's own id: whoever erases the author finds the quotes by it.</param>
/// <param name="Data">
/// The beginning of a text, at most <see cref="MaxText"/> characters; the key of a file; empty for other types, and once the quoted
/// message was erased.
/// </param>
/// <param name="Thumbnail">Storage key of a thumbnail, or empty.</param>
public sealed record Quote(long Sequence, string From, string FromUid, MessageType Type, string Data, string Thumbnail)
{
    /// <summary>Characters (UTF-16) of the quoted text.</summary>
    public const int MaxText = 200;

    public static Quote Of(Message message)
    {
        var draft = message.Draft;
        return new(message.Sequence, draft.From, draft.FromUid, draft.Type, Beginning(draft), draft.Thumbnail);
    }

    private static string Beginning(MessageDraft draft) => draft.Type switch
    {
        MessageType.Text or MessageType.Html when draft.Data.Length > MaxText =>
            draft.Data[..(char.IsHighSurrogate(draft.Data[MaxText - 1]) ? MaxText - 1 : MaxText)],
        MessageType.Text or MessageType.Html => draft.Data,
        _ when draft.Type.IsFile() => draft.Data,
        _ => "",
    };
}
