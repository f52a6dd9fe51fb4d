using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Converts a group's rows in table <c>conversations</c> to and from records.</summary>
internal static class GroupRows
{
    public static void Add(TableEntity head, GroupInfo? group)
    {
        if (group is null)
        {
            return;
        }

        head["Name"] = group.Name;
        head["Description"] = group.Description;
        head["Photo"] = group.Photo;
        head["OwnerLogin"] = group.OwnerLogin;
        head["OwnerUid"] = group.OwnerUid;
        head["GroupVersion"] = group.Version;
        head["MemberCount"] = group.MemberCount;
        head["CreatedAt"] = group.CreatedAt;
        head["Change"] = group.Change;
        if (group.OwnId.Length > 0)
        {
            head["OwnId"] = group.OwnId;
        }

        if (group.Custom.Length > 0)
        {
            head["Custom"] = group.Custom;
        }

        if (group.Frozen)
        {
            head["Frozen"] = true;
        }

        if (group.LastJoin is { } join)
        {
            head["LastJoin"] = join;
        }
    }

    public static GroupInfo? Info(TableEntity head) => head.GetInt64("GroupVersion") is { } version
        ? new GroupInfo(
            head.GetString("Name"), head.GetString("Description"), FileKey.ReferenceOrEmpty(head.GetString("Photo")),
            head.GetString("OwnerLogin"), head.GetString("OwnerUid"), version, head.GetInt32("MemberCount") ?? 0,
            head.GetInt64("CreatedAt") ?? 0,
            head.GetString("Change") ?? "")
        {
            OwnId = head.GetString("OwnId") ?? "",
            Custom = head.GetString("Custom") ?? "",
            Frozen = head.GetBoolean("Frozen") ?? false,
            LastJoin = head.GetInt64("LastJoin"),
        }
        : null;

    /// <summary>
    /// Role and period, but not the marks. Marks change without the head, and a change of the membership must not undo them.
    /// </summary>
    public static TableEntity Membership(string partition, GroupMember member)
    {
        var row = new TableEntity(partition, ChatKeys.GroupMember(member.LoginId))
        {
            ["Login"] = member.LoginId,
            ["Uid"] = member.Uid,
            ["Role"] = (int)member.Role,
            ["JoinedSequence"] = member.JoinedSequence,
            ["JoinedAt"] = member.JoinedAt,
            ["JoinedVersion"] = member.JoinedVersion,
            ["Left"] = member.Left,
            ["LeftSequence"] = member.LeftSequence,
            ["Since"] = member.Since,
            ["Blocked"] = member.Blocked,
        };
        if (member.BannedUntil is { } banned)
        {
            // Rows are merged, and merging removes no column: a ban that was lifted is one until 0.
            row["BannedUntil"] = banned;
            row["BanReason"] = member.BanReason;
        }

        return row;
    }

    /// <summary>To be merged into the member's row.</summary>
    public static TableEntity Mark(string partition, string loginId, Mark mark) => ConversationRows.AddMark(
        new TableEntity(partition, ChatKeys.GroupMember(loginId)), mark);

    /// <summary>What a member's own messages change in their row. To be merged into it.</summary>
    public static TableEntity Own(ConversationKey key, string loginId, IReadOnlyList<Message> messages)
    {
        var row = new TableEntity(key.Partition, ChatKeys.GroupMember(loginId));
        if (messages.LastOrDefault(message => message.Draft.MarksRead) is { } read)
        {
            row["LastOwn"] = read.Sequence;
        }

        if (messages[^1] is { Draft.MarksRead: false } unseen)
        {
            row["LastUnseen"] = unseen.Sequence;
        }

        return row;
    }

    public static GroupMember Member(TableEntity row) => new(
        row.GetString("Login"),
        row.GetString("Uid"),
        (GroupRole)(row.GetInt32("Role") ?? 0),
        row.GetInt64("JoinedSequence") ?? 0,
        row.GetInt64("JoinedAt") ?? 0,
        row.GetInt64("JoinedVersion") ?? 0,
        row.GetBoolean("Left") ?? false,
        row.GetInt64("LeftSequence") ?? 0,
        row.GetInt64("Since") ?? 0,
        row.GetBoolean("Blocked") ?? false,
        row.GetInt64("LastOwn") ?? 0,
        new Mark(
            row.GetInt64("Delivered") ?? 0, row.GetInt64("DeliveredAt") ?? 0, row.GetInt64("Read") ?? 0, row.GetInt64("ReadAt") ?? 0,
            row.ETag)
        {
            State = PersonalStateRows.Read(row),
        })
    {
        LastUnseen = row.GetInt64("LastUnseen") ?? 0,
        Mentioned = ConversationRows.Sequences(row.GetString("Mentioned")),
        BannedUntil = row.GetInt64("BannedUntil"),
        BanReason = row.GetString("BanReason") ?? "",
    };

    /// <summary>A member's new row, with the marks that they bring along from another one.</summary>
    private static TableEntity New(string partition, GroupMember member)
    {
        var row = Membership(partition, member);
        foreach (var (name, value) in member.Mark.DeliveredAt > 0 || member.Mark.ReadAt > 0
            ? Mark(partition, member.LoginId, member.Mark).Where(column => column.Value is long) : [])
        {
            row[name] = value;
        }

        return member.Mark.State.Version > 0 ? PersonalStateRows.Add(row, member.Mark.State) : row;
    }

    /// <param name="before">The present row; null when there is none.</param>
    /// <param name="after">Null to delete the row.</param>
    public static TableTransactionAction Change(string partition, GroupMember? before, GroupMember? after) => (before, after) switch
    {
        (_, null) =>
            new(TableTransactionActionType.Delete, new TableEntity(partition, ChatKeys.GroupMember(before!.LoginId)), ETag.All),
        (null, _) => new(TableTransactionActionType.Add, New(partition, after)),

        // A new user with a former user's login id inherits nothing.
        _ when before.Uid != after.Uid => new(TableTransactionActionType.UpdateReplace, Membership(partition, after), ETag.All),
        _ => new(TableTransactionActionType.UpdateMerge, Membership(partition, after), ETag.All),
    };
}
