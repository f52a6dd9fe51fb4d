using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// The changes of one transaction, applied one after the other to the messages as they were read. Nothing is stored here.
/// </summary>
/// <param name="head">The head that the transaction follows.</param>
/// <param name="now">Unix ms.</param>
/// <param name="commit">The name of the transaction.</param>
/// <param name="read">The messages and reactions that the changes are about.</param>
public sealed class ChangePlanRows(
    ConversationKey key, ConversationHead head, long lastChange, long now, string commit, ReadForChanges read)
{
    private const int MaxKinds = 20;
    private const int MaxPins = 50;

    private readonly Dictionary<string, long> stored = new(read.Reactions, StringComparer.Ordinal);
    private readonly List<long> pins = [.. head.Pins ?? []];
    private readonly List<MessageChange> changes = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableTransactionAction> rows = new(StringComparer.Ordinal);
    private readonly List<(ChangeRequest Request, MessageChange? Change, Message? Before)> results = [];
    private readonly ChangedMentions mentions = new(key, read);

    public bool IsEmpty => changes.Count == 0;

    public bool PinsChanged { get; private set; }

    internal ChangedMentions Mentions => mentions;

    internal IReadOnlyList<MessageChange> Changes => changes;

    /// <summary>Whether the message's row is changed, and with that proved to be as it was read.</summary>
    public bool Touches(long sequence) => read.Messages.GetValueOrDefault(sequence)?.IsChanged == true;

    /// <summary>Adds what else changes in the row of a message that is changed.</summary>
    /// <returns>False when the row is not the one that is known.</returns>
    internal bool TryMerge(long sequence, TableEntity columns, RowVersion known)
    {
        var message = read.Messages[sequence]!;
        foreach (var (name, value) in columns)
        {
            if (name is not ("PartitionKey" or "RowKey" or "odata.etag" or "Timestamp"))
            {
                message.Set(name, value);
            }
        }

        return message.Version == known;
    }

    /// <summary>The head after the changes.</summary>
    public ConversationHead After(ConversationHead before) => IsEmpty ? before : before with
    {
        LastChange = lastChange + changes.Count,
        Pins = head.Pins is null ? null : pins,
        AllMentions = mentions.OfAll(before.AllMentions),
    };

    /// <param name="member">The member who wants it, in a group.</param>
    /// <param name="isHeld">A legal hold keeps what was written.</param>
    /// <exception cref="VoxException">Why not. The plan is as before.</exception>
    internal void Apply(ChangeRequest request, GroupMember? member, bool isHeld)
    {
        var actor = request.Actor;
        var hidden = member is not null && !actor.SeesAll && request.Sequence <= member.JoinedSequence;
        if (hidden || read.Messages.GetValueOrDefault(request.Sequence) is not { } message)
        {
            throw new VoxException(Errors.MessageNotFound, "There is no message with this sequence in the conversation.", "sequence");
        }

        if (request.IfChange is { } expected && !expected.Contains(message.Message.State.Change))
        {
            throw new VoxException(
                Errors.PreconditionFailed, "The message has changed since it was read: read it again and decide anew.", "If-Match");
        }

        // The same request twice in one transaction.
        var isRepeated = !ids.Add($"{actor.Uid} {request.ChangeId}");
        var before = message.Message;
        var change = isRepeated ? null : request.Wanted switch
        {
            WantedEdit edit => Edit(message, isHeld ? edit with { KeepsVersion = true } : edit, actor, member),
            WantedDeletion deletion => Delete(message, deletion, actor, member, isHeld),
            WantedReaction reaction => React(message, reaction, actor),
            WantedPin pin => Pin(message, pin, actor, member),
            _ => throw new InvalidOperationException(),
        };
        if (change is not null)
        {
            message.Set("Change", change.Number);
            changes.Add(change);
            if (request.IsNoted)
            {
                var result = ChangeRows.Result(key, actor.Uid, request.ChangeId, change, commit);
                rows[result.RowKey] = new(TableTransactionActionType.Add, result);
            }
        }

        results.Add((request, change, change is null ? null : before));
    }

    internal void AddTo(List<TableTransactionAction> actions)
    {
        foreach (var change in changes)
        {
            var row = ChangeRows.Change(key, change, commit);
            if (change.Kind == ChangeKind.Deleted)
            {
                ChangeRows.AddFiles(row, results.Find(result => result.Change == change).Before!);
            }

            actions.Add(new(TableTransactionActionType.Add, row));
        }

        actions.AddRange(read.Messages.Values.Select(message => message?.Action()).OfType<TableTransactionAction>());
        actions.AddRange(rows.Values);
    }

    /// <summary>To be called when everything is stored.</summary>
    /// <param name="tip">The tip for the user with a uid.</param>
    internal void Succeed(ConversationHead after, Func<string, string?> tip)
    {
        foreach (var (request, change, before) in results)
        {
            request.Done.TrySetResult(new ChangeResult(
                after, read.Messages[request.Sequence]!.Message, change, before, change is null ? null : tip(request.Actor.Uid)));
        }
    }

    private MessageChange New(ChangeKind kind, long sequence, ChangeActor actor, string emoji = "") =>
        new(lastChange + changes.Count + 1, sequence, kind, actor.LoginId, actor.Uid, now, emoji);

    private MessageChange? Edit(ChangedMessageRows message, WantedEdit edit, ChangeActor actor, GroupMember? member)
    {
        message.CheckIsThere();
        if (!actor.IsServer && !message.IsBy(actor.Uid))
        {
            throw new VoxException(Errors.NotAuthor, "Only who wrote a message may edit it.", "sequence");
        }

        var before = message.Message;
        if (before.Draft.Type is not (MessageType.Text or MessageType.Html))
        {
            throw new VoxException(Errors.NotEditable, "Only texts can be edited: this message is of another type.", "sequence");
        }

        var hasNewText = before.Draft.Data != edit.Data;
        if (!hasNewText && !ChangedMentions.Differ(before.Draft, edit))
        {
            return null;
        }

        if (!actor.IsServer && IsOver(message, edit.Window))
        {
            throw new VoxException(
                Errors.EditWindowOver,
                edit.Window == 0
                    ? "The project does not allow editing messages."
                    : $"Messages can be edited for {edit.Window:N0} seconds after they were sent.",
                "sequence");
        }

        mentions.Apply(message, edit, actor.IsServer ? GroupRole.Owner : member?.Role);
        if (edit.KeepsVersion && hasNewText)
        {
            var version = ChangeRows.Version(key, message.Row, message.Edits);
            if (rows.TryGetValue(version.RowKey, out var earlier) && earlier.Entity is TableEntity row)
            {
                // The second edit in the same transaction.
                foreach (var (name, value) in version.Where(column => column.Value is not null))
                {
                    row[name] = value;
                }
            }
            else
            {
                rows[version.RowKey] = new(TableTransactionActionType.UpsertMerge, version);
            }

            message.Set("Versions", true);
        }

        message.Set("Data", edit.Data);
        message.Set("EditedAt", now);
        message.Set("Edits", message.Edits + (hasNewText ? 1 : 0));
        return New(ChangeKind.Edited, before.Sequence, actor);
    }

    private MessageChange? Delete(ChangedMessageRows message, WantedDeletion deletion, ChangeActor actor, GroupMember? member, bool isHeld)
    {
        if (message.IsGone)
        {
            return null;
        }

        if (!actor.IsServer && !(member is not null && actor.MayModerate(member.Role)))
        {
            if (!message.IsBy(actor.Uid))
            {
                throw new VoxException(Errors.NotAuthor, "Only who wrote a message may delete it for everyone.", "sequence");
            }

            if (IsOver(message, deletion.Window))
            {
                throw new VoxException(
                    Errors.DeleteWindowOver,
                    deletion.Window == 0
                        ? "The project does not allow deleting messages for everyone."
                        : $"Messages can be deleted for everyone for {deletion.Window:N0} seconds after they were sent.",
                    "sequence");
            }
        }

        if (isHeld)
        {
            throw new VoxException(Errors.OnHold, "A legal hold covers this conversation: nothing in it can be deleted.", "sequence");
        }

        var before = message.Message;
        Remove(ChatKeys.Versions(before.Sequence), message.HadVersions);

        if (message.IsPinned && pins.Remove(before.Sequence))
        {
            PinsChanged = true;
        }

        message.Set("DeletedAt", now);
        message.Set("DeletedBy", actor.LoginId);
        message.Set("DeletedByUid", actor.Uid);
        message.Set("Type", (int)MessageType.Text);
        message.Set("ContentType", "text/plain");
        message.Set("Data", "");
        message.Set("Thumbnail", "");
        message.Set("Size", 0L);
        message.Set("Reactions", "");
        message.Set("PinnedAt", 0L);
        message.Set("EditedAt", 0L);
        return New(ChangeKind.Deleted, before.Sequence, actor);
    }

    private MessageChange? React(ChangedMessageRows message, WantedReaction wanted, ChangeActor actor)
    {
        message.CheckIsThere();
        var sequence = message.Message.Sequence;
        var reactionRow = ChatKeys.Reaction(actor.Uid, sequence, wanted.Emoji);
        var reactions = message.Message.State.Reactions.ToList();
        var index = reactions.FindIndex(reaction => reaction.Emoji == wanted.Emoji);

        // After a restore the message may have a reaction whose row was lost.
        var present = read.Reactions.TryGetValue(reactionRow, out var at) || (index >= 0 && reactions[index].IsBy(actor.Uid));
        if (present == wanted.Present)
        {
            return null;
        }

        var change = New(wanted.Present ? ChangeKind.Reacted : ChangeKind.Unreacted, sequence, actor, wanted.Emoji);
        if (wanted.Present)
        {
            if (index < 0 && reactions.Count >= MaxKinds)
            {
                throw new VoxException(
                    Errors.TooManyReactions, $"A message can have reactions with at most {MaxKinds} different emojis: take one of those.",
                    "emoji");
            }

            if (index < 0)
            {
                reactions.Add(new ReactionSummary(wanted.Emoji, 0, [], []));
                index = reactions.Count - 1;
            }

            var room = ReactionSummary.MaxMarks - reactions.Sum(reaction => reaction.Marks.Count);
            reactions[index] = reactions[index].With(actor.LoginId, actor.Uid, room);
            read.Reactions[reactionRow] = now;
            rows[reactionRow] = new(TableTransactionActionType.UpsertReplace, ChangeRows.Reaction(key, change));
            var reactor = ChangeRows.Reactor(key, change);
            rows[reactor.RowKey] = new(TableTransactionActionType.UpsertReplace, reactor);
        }
        else
        {
            if (index >= 0)
            {
                var without = reactions[index].Without(actor.LoginId, actor.Uid);
                var others = read.Reactors.GetValueOrDefault((sequence, wanted.Emoji))?.Where(user => user.Uid != actor.Uid);
                reactions[index] = others is null || without.Users.Count >= ReactionSummary.MaxUsers
                    ? without
                    : without with { Users = [.. others.Select(user => user.LoginId).Take(ReactionSummary.MaxUsers)] };
            }

            read.Reactions.Remove(reactionRow);
            var wasStored = stored.TryGetValue(reactionRow, out var storedAt);
            Remove(reactionRow, wasStored);
            Remove(ChatKeys.Reactor(sequence, wanted.Emoji, at, actor.Uid), wasStored && at == storedAt);
        }

        message.Set("Reactions", ChangeRows.Reactions(reactions));
        return change;
    }

    private MessageChange? Pin(ChangedMessageRows message, WantedPin wanted, ChangeActor actor, GroupMember? member)
    {
        message.CheckIsThere();
        if (member is not null && !actor.MayModerate(member.Role))
        {
            throw new VoxException(Errors.NotAllowed, "Only admins and the owner of the group may pin messages.");
        }

        if (message.IsPinned == wanted.Present)
        {
            return null;
        }

        var sequence = message.Message.Sequence;
        if (wanted.Present)
        {
            if (pins.Count >= MaxPins)
            {
                throw new VoxException(
                    Errors.TooManyPins, $"A conversation can have at most {MaxPins} pinned messages: unpin one first.", "sequence");
            }

            pins.Add(sequence);
        }
        else
        {
            pins.Remove(sequence);
        }

        PinsChanged = true;
        message.Set("PinnedAt", wanted.Present ? now : 0L);
        message.Set("PinnedBy", wanted.Present ? actor.LoginId : "");
        message.Set("PinnedByUid", wanted.Present ? actor.Uid : "");
        return New(wanted.Present ? ChangeKind.Pinned : ChangeKind.Unpinned, sequence, actor);
    }

    private bool IsOver(ChangedMessageRows message, int window) => window >= 0 && now - message.SentAt > window * 1_000L;

    /// <param name="wasStored">A row that only this plan has added is not there yet, so it cannot be deleted.</param>
    private void Remove(string row, bool wasStored)
    {
        rows.Remove(row);
        if (wasStored)
        {
            rows[row] = new(TableTransactionActionType.Delete, new TableEntity(key.Partition, row), ETag.All);
        }
    }
}

/// <summary>What the changes of one transaction were found to be about.</summary>
/// <param name="Messages">By sequence; null where there is none.</param>
/// <param name="Reactions">When each came, by the key of its row. Only those that the changes are about.</param>
/// <param name="Reactors">The first users who reacted to a message with an emoji, where their names are needed.</param>
public sealed record ReadForChanges
{
    internal Dictionary<long, ChangedMessageRows?> Messages { get; init; } = [];

    internal Dictionary<string, long> Reactions { get; init; } = new(StringComparer.Ordinal);

    internal Dictionary<(long Sequence, string Emoji), List<Reactor>> Reactors { get; init; } = [];

    /// <summary>Members whom an edit mentions anew, by login id; null for nobody.</summary>
    internal Dictionary<string, GroupMember?> Members { get; init; } = new(StringComparer.Ordinal);
}
