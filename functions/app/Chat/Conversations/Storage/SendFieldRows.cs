using Azure.Data.Tables;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What only some messages have, in their rows: each column is there only when it says something.</summary>
internal static class SendFieldRows
{
    /// <summary>All of these columns. An erasure reads them, to know what it empties.</summary>
    public static readonly string[] Columns =
    [
        "Custom", "Silent", "Mentions", "MentionsAll", "Forwarded", "ReplyTo", "ReplyFrom", "ReplyFromUid", "ReplyType", "ReplyData",
        "ReplyThumbnail",
    ];

    public static void Add(TableEntity row, MessageDraft draft)
    {
        AddIf(row, "Custom", draft.Custom, draft.Custom.Length > 0);
        AddIf(row, "Silent", true, draft.Silent);
        AddIf(row, "Mentions", WriteMentions(draft.Mentions), draft.Mentions.Count > 0);
        AddIf(row, "MentionsAll", true, draft.MentionsAll);
        AddIf(row, "Forwarded", true, draft.Forwarded);
        if (draft.Quote is { } quote)
        {
            row["ReplyTo"] = quote.Sequence;
            row["ReplyFrom"] = quote.From;
            row["ReplyFromUid"] = quote.FromUid;
            row["ReplyType"] = (int)quote.Type;
            AddIf(row, "ReplyData", quote.Data, quote.Data.Length > 0);
            AddIf(row, "ReplyThumbnail", quote.Thumbnail, quote.Thumbnail.Length > 0);
        }
    }

    public static MessageDraft Read(TableEntity row, MessageDraft draft)
    {
        var custom = row.GetString("Custom") ?? "";
        var mentions = ReadMentions(row.GetString("Mentions"));
        var replyTo = row.GetInt64("ReplyTo") ?? 0;
        var (silent, all, forwarded) = (Has(row, "Silent"), Has(row, "MentionsAll"), Has(row, "Forwarded"));
        return custom.Length == 0 && mentions.Count == 0 && replyTo == 0 && !silent && !all && !forwarded
            ? draft
            : draft with
            {
                Custom = custom,
                Silent = silent,
                Mentions = mentions,
                MentionsAll = all,
                Forwarded = forwarded,
                ReplyTo = replyTo,
                Quote = replyTo == 0 ? null : new Quote(
                    replyTo, row.GetString("ReplyFrom") ?? "", row.GetString("ReplyFromUid") ?? "",
                    (MessageType)(row.GetInt32("ReplyType") ?? 1), row.GetString("ReplyData") ?? "",
                    FileKey.ReferenceOrEmpty(row.GetString("ReplyThumbnail"))),
            };
    }

    /// <summary>Login ids have no control characters, so a line break separates them.</summary>
    public static string WriteMentions(IEnumerable<string> loginIds) => string.Join('\n', loginIds);

    public static IReadOnlyList<string> ReadMentions(string? text) => text is not { Length: > 0 } ? [] : text.Split('\n');

    private static bool Has(TableEntity row, string name) => row.GetBoolean(name) ?? false;

    private static void AddIf(TableEntity row, string name, object value, bool present)
    {
        if (present)
        {
            row[name] = value;
        }
    }
}
