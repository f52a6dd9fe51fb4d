using System.Globalization;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// From when on the sequences of a conversation are counted as they are now. After a restore that has lost messages, the same sequences are
/// given again, to other messages. The new epoch tells clients who have seen the lost ones.
/// </summary>
/// <param name="Epoch">When the conversation began or was restored, Unix seconds. So it grows, even where the one before was lost.</param>
/// <param name="LastSequence">Up to here nothing has changed; 0 at the beginning.</param>
public sealed record ConversationEpoch(long Epoch, long LastSequence)
{
    /// <summary>More are not remembered. The oldest two become one, which a client who has missed both believes to be safe.</summary>
    private const int Max = 8;

    public static IReadOnlyList<ConversationEpoch> First(DateTimeOffset now) => [new(now.ToUnixTimeSeconds(), 0)];

    /// <summary>The epochs after a restore.</summary>
    public static IReadOnlyList<ConversationEpoch> Next(IReadOnlyList<ConversationEpoch> before, long epoch, long lastSequence)
    {
        if (before.Count > 0 && before[^1].Epoch >= epoch)
        {
            return before;
        }

        List<ConversationEpoch> after = [.. before, new(epoch, lastSequence)];
        while (after.Count > Max)
        {
            after[1] = after[1] with { LastSequence = Math.Min(after[0].LastSequence, after[1].LastSequence) };
            after.RemoveAt(0);
        }

        return after;
    }

    /// <summary><c>1796115600:0 1796200000:12</c></summary>
    public static string Write(IReadOnlyList<ConversationEpoch> epochs) =>
        string.Join(' ', epochs.Select(epoch => string.Create(CultureInfo.InvariantCulture, $"{epoch.Epoch}:{epoch.LastSequence}")));

    public static IReadOnlyList<ConversationEpoch> Read(string? text) =>
        text is not { Length: > 0 } ? [] : [.. text.Split(' ').Select(static part => part.Split(':')).Select(static part =>
            new ConversationEpoch(long.Parse(part[0], CultureInfo.InvariantCulture), long.Parse(part[1], CultureInfo.InvariantCulture)))];
}
