using System.Globalization;
using Azure.Data.Tables;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Converts rows of table <c>conversations</c> to and from records.</summary>
internal static class ConversationRows
{
    public static TableEntity Head(ConversationKey key, ConversationHead head)
    {
        var row = new TableEntity(key.Partition, ChatKeys.HeadRow)
        {
            ["LastSequence"] = head.LastSequence,
            ["LastTime"] = head.LastTime,
            ["Closed"] = head.Closed,
        };
        for (var i = 0; i < head.Members.Count; i++)
        {
            row["Login" + i] = head.Members[i].LoginId;
            row["Uid" + i] = head.Members[i].Uid;
            row["LastOwn" + i] = head.Members[i].LastOwn;
            row["Blocks" + i] = head.Members[i].Blocks;
            AddIf(row, "Unseen" + i, string.Join(' ', head.Members[i].Unseen), head.Members[i].Unseen.Count > 0);
        }

        AddIf(row, "Epochs", ConversationEpoch.Write(head.Epochs), head.Epochs.Count > 0);
        AddIf(row, "AllMentions", string.Join(' ', head.AllMentions ?? []), head.AllMentions is { Count: > 0 });
        AddIf(row, "LastChange", head.LastChange, head.LastChange > 0);
        AddIf(row, "Pins", string.Join(' ', head.Pins ?? []), head.Pins is { Count: > 0 });
        GroupRows.Add(row, head.Group);
        return row;
    }

    /// <summary>
    /// What messages change in the head. To be merged into it: who commits with a <see cref="ConversationTips">tip</see> does not know the
    /// rest.
    /// </summary>
    /// <param name="head">The head after the messages.</param>
    /// <param name="pinsChanged">Whether pins have come or gone.</param>
    /// <param name="allMentioned">Whether an edit mentions everybody.</param>
    public static TableEntity HeadChange(
        ConversationKey key, ConversationHead head, IReadOnlyList<Message> messages, bool pinsChanged = false, bool allMentioned = false)
    {
        var row = new TableEntity(key.Partition, ChatKeys.HeadRow) { ["LastSequence"] = head.LastSequence, ["LastTime"] = head.LastTime };
        AddIf(row, "LastChange", head.LastChange, head.LastChange > 0);
        AddIf(row, "Pins", string.Join(' ', head.Pins ?? []), pinsChanged);
        foreach (var draft in messages.Select(message => message.Draft))
        {
            if (head.IndexOf(draft.FromUid) is >= 0 and var i)
            {
                AddIf(row, "LastOwn" + i, head.Members[i].LastOwn, draft.MarksRead);
                AddIf(row, "Unseen" + i, string.Join(' ', head.Members[i].Unseen), head.Members[i].Unseen.Count > 0);
            }
        }

        AddIf(
            row, "AllMentions", string.Join(' ', head.AllMentions ?? []),
            allMentioned || messages.Any(message => message.Draft.MentionsAll));
        return row;
    }

    public static ConversationHead Head(TableEntity row)
    {
        var members = new List<Member>(2);
        for (var i = 0; row.GetString("Uid" + i) is { } uid; i++)
        {
            members.Add(new Member(
                row.GetString("Login" + i), uid, row.GetInt64("LastOwn" + i) ?? 0, row.GetBoolean("Blocks" + i) ?? false)
            {
                Unseen = Sequences(row.GetString("Unseen" + i)),
            });
        }

        return new ConversationHead(
            members,
            row.GetInt64("LastSequence") ?? 0,
            row.GetInt64("LastTime") ?? 0,
            row.GetBoolean("Closed") ?? false,
            row.ETag,
            GroupRows.Info(row))
        {
            Epochs = ConversationEpoch.Read(row.GetString("Epochs")),
            AllMentions = Sequences(row.GetString("AllMentions")),
            LastChange = row.GetInt64("LastChange") ?? 0,
            Pins = row.GetString("Pins") is { Length: > 0 } pins ? Sequences(pins) : [],
        };
    }

    public static TableEntity Message(ConversationKey key, Message message)
    {
        var draft = message.Draft;
        var row = new TableEntity(key.Partition, ChatKeys.Message(message.Sequence))
        {
            ["Sequence"] = message.Sequence,
            ["SentAt"] = message.SentAt,
            ["Id"] = draft.Id,
            ["From"] = draft.From,
            ["FromUid"] = draft.FromUid,
            ["To"] = draft.To,
            ["Type"] = (int)draft.Type,
            ["ContentType"] = draft.ContentType,
            ["Data"] = draft.Data,
        };

        // Most messages have none of these, so they are stored only when present.
        AddIf(row, "Thumbnail", draft.Thumbnail, draft.Thumbnail.Length > 0);
        AddIf(row, "Size", draft.Size, draft.Size != draft.Data.Length);
        AddIf(row, "ClientTime", draft.ClientTime, draft.ClientTime != 0);
        AddIf(row, "ClientSequence", draft.ClientSequence, draft.ClientSequence != 0);
        AddIf(row, "Group", message.Group, message.Group.Length > 0);
        AddIf(row, "Reports", false, !draft.Reports);
        SendFieldRows.Add(row, draft);
        ThreadRows.Add(row, draft);
        AddIf(row, "System", true, draft.IsSystem);
        return row;
    }

    public static Message Message(TableEntity row)
    {
        var data = row.GetString("Data");
        var draft = new MessageDraft(
            row.GetString("Id"),
            row.GetString("From"),
            row.GetString("FromUid"),
            row.GetString("To"),
            (MessageType)(row.GetInt32("Type") ?? 0),
            row.GetString("ContentType"),
            data,
            FileKey.ReferenceOrEmpty(row.GetString("Thumbnail")),
            row.GetInt64("Size") ?? data.Length,
            row.GetInt64("ClientTime") ?? 0,
            row.GetInt64("ClientSequence") ?? 0)
        {
            Reports = row.GetBoolean("Reports") ?? true,
            IsSystem = row.GetBoolean("System") ?? false,
        };
        draft = ThreadRows.Read(row, SendFieldRows.Read(row, draft));
        var times = new MessageTimes(
            row.GetInt64("Delivered0") ?? 0, row.GetInt64("Read0") ?? 0, row.GetInt64("Delivered1") ?? 0, row.GetInt64("Read1") ?? 0);
        return new Message(row.GetInt64("Sequence") ?? 0, row.GetInt64("SentAt") ?? 0, draft, times, row.GetString("Group") ?? "")
        {
            IsErased = row.GetString("Erased") is not null,
            State = ChangeRows.State(row),
            Replies = ThreadRows.Summary(row),
        };
    }

    /// <summary>To be merged into the row, if there is one.</summary>
    public static TableEntity Mark(ConversationKey key, string uid, Mark mark) =>
        AddMark(new TableEntity(key.Partition, ChatKeys.Mark(uid)), mark);

    public static TableEntity AddMark(TableEntity row, Mark mark)
    {
        row["Delivered"] = mark.Delivered;
        row["DeliveredAt"] = mark.DeliveredAt;
        row["Read"] = mark.Read;
        row["ReadAt"] = mark.ReadAt;
        return mark.State.Version > 0 ? PersonalStateRows.Add(row, mark.State) : row;
    }

    /// <summary>What stays of a message's row when the message is erased.</summary>
    public static TableEntity Erased(TableEntity row, string from, string to, string erasureId)
    {
        var stub = new TableEntity(row.PartitionKey, row.RowKey)
        {
            ["Sequence"] = row.GetInt64("Sequence"),
            ["SentAt"] = row.GetInt64("SentAt"),
            ["Id"] = $"erased.{row.GetInt64("Sequence")}",
            ["From"] = from,
            ["FromUid"] = row.GetString("FromUid"),
            ["To"] = to,
            ["Type"] = (int)MessageType.Text,
            ["ContentType"] = "text/plain",
            ["Data"] = "",
            ["Erased"] = erasureId,
        };
        AddIf(stub, "Reports", false, row.GetBoolean("Reports") == false);
        AddIf(stub, "System", true, row.GetBoolean("System") == true);

        ThreadRows.Keep(row, stub);

        // Clients keep the state with the highest number.
        AddIf(stub, "Change", row.GetInt64("Change") ?? 0, row.GetInt64("Change") > 0);
        return stub;
    }

    public static (string Uid, Mark Mark) Mark(TableEntity row) => (
        row.RowKey[ChatKeys.Mark("").Length..],
        new Mark(
            row.GetInt64("Delivered") ?? 0, row.GetInt64("DeliveredAt") ?? 0, row.GetInt64("Read") ?? 0, row.GetInt64("ReadAt") ?? 0,
            row.ETag)
        {
            State = PersonalStateRows.Read(row),
        });

    /// <summary>The times that a mark adds to a message it passes over, to be merged into the message's row.</summary>
    /// <param name="member">Whose mark it is, as an index into the head's members.</param>
    public static TableEntity Times(ConversationKey key, long sequence, int member, long? deliveredAt, long? readAt)
    {
        var row = new TableEntity(key.Partition, ChatKeys.Message(sequence));
        AddIf(row, "Delivered" + member, deliveredAt ?? 0, deliveredAt is not null);
        AddIf(row, "Read" + member, readAt ?? 0, readAt is not null);
        return row;
    }

    /// <param name="commit">Names the transaction, so that its writer recognises its own rows when the answer was lost.</param>
    public static TableEntity FirstResult(ConversationKey key, Message message, string commit) =>
        new(key.Partition, ChatKeys.Idempotency(message.Draft.FromUid, message.Id))
        {
            ["Sequence"] = message.Sequence,
            ["SentAt"] = message.SentAt,
            ["Commit"] = commit,
        };

    public static FirstResult FirstResult(TableEntity row) =>
        new(row.GetInt64("Sequence") ?? 0, row.GetInt64("SentAt") ?? 0, row.GetString("Commit") ?? "");

    internal static IReadOnlyList<long> Sequences(string? text) =>
        text is not { Length: > 0 } ? [] : [.. text.Split(' ').Select(static number => long.Parse(number, CultureInfo.InvariantCulture))];

    private static void AddIf(TableEntity row, string name, object value, bool present)
    {
        if (present)
        {
            row[name] = value;
        }
    }
}
