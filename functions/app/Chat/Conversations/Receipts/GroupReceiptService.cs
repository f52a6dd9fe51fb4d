using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Receipts;

/// <summary>How far each member of a group has received and read messages. Only the authors of those that a mark passes are told.</summary>
public sealed class GroupReceiptService(
    GroupReader reader, GroupStore groups, AudienceStore audience, ConversationStore conversations, ReceiptServerEvents servers,
    Pusher pusher, TimeProvider time)
{
    /// <summary>Messages whose authors are told of one receipt. Of a longer stretch, only the newest count.</summary>
    private const int MaxTold = 100;

    // A member who reads along acknowledges again and again. Their row need not be read each time: its ETag shows when it has changed.
    private readonly ExpiringCache<(ConversationKey Key, string Uid), GroupWindow> known = new(20_000, TimeSpan.FromMinutes(5), time);

    /// <summary>The marks of a broadcast group's members. Three numbers each: 2.4 MB for 100,000 members.</summary>
    private readonly ExpiringCache<ConversationKey, List<(long Joined, long Delivered, long Read)>> marks =
        new(16, TimeSpan.FromSeconds(30), time);

    /// <summary>Moves the caller's marks forward, never back and never past what the caller sees.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member</exception>
    public async Task<Mark> AdvanceAsync(
        Caller caller, ConversationKey key, long delivered, long read, CancellationToken cancellationToken)
    {
        while (true)
        {
            var remembered = true;
            if (!known.TryGet((key, caller.Sender.Uid), out var window))
            {
                remembered = false;
                window = await reader.GetWindowAsync(caller, key, cancellationToken, orEnded: true);
            }
            else if (delivered > window.Last && !window.Member.Left)
            {
                window = await ExtendAsync(caller, key, window, delivered, cancellationToken);
            }

            var before = window.Member.Mark;
            var after = before.Forward(
                Math.Min(delivered, window.Last), Math.Min(read, window.Last), time.GetUtcNow().ToUnixTimeMilliseconds()) with
            {
                State = before.State.AfterReading(Math.Min(read, window.Last)),
            };
            if (after == before)
            {
                if (!remembered)
                {
                    return before;
                }

                // No write happens that would fail on a changed row. So look again: the caller may have left, or the group may be gone.
                known.Remove((key, caller.Sender.Uid));
                continue;
            }

            if (await groups.TryMarkAsync(key, window.Member, after, cancellationToken) is not { } stored)
            {
                known.Remove((key, caller.Sender.Uid));
                continue;
            }

            known.Set((key, caller.Sender.Uid), window with { Member = window.Member with { Mark = stored } });
            await servers.TellAsync(caller, key, before, stored);
            await TellAsync(caller, key, window, before, stored, cancellationToken);
            if (stored.State != before.State)
            {
                var settings = ConversationSettings.Of(key.Id, stored.State, 0);
                pusher.ToUsers([caller.Identity], RealtimeEvents.Settings, settings, PersonalJson.Wire.ConversationSettings);
            }

            return stored;
        }
    }

    /// <summary>The remembered end of the group is too old. A small step forward needs only a look at the acknowledged message.</summary>
    private async Task<GroupWindow> ExtendAsync(
        Caller caller, ConversationKey key, GroupWindow window, long delivered, CancellationToken cancellationToken) =>
        delivered - window.Last <= MaxTold
        && await conversations.ReadRangeAsync(key, delivered, delivered, cancellationToken) is [_]
            ? window with { Last = delivered }
            : await reader.GetWindowAsync(caller, key, cancellationToken, orEnded: true);

    /// <summary>Who has received and read a message, or the marks of all members.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member, not_found</exception>
    public async Task<GroupReceipts> ReadAsync(Caller caller, ConversationKey key, long? sequence, CancellationToken cancellationToken)
    {
        var window = await reader.GetWindowAsync(caller, key, cancellationToken);
        GroupPolicy.Check(
            window.Member.Left ? null : window.Member.Role, key.IsBroadcast ? GroupAction.ListAudience : GroupAction.Read);
        var author = "";
        if (sequence is { } number)
        {
            author = window.Sees(number) && await conversations.ReadRangeAsync(key, number, number, cancellationToken) is [var message]
                ? message.Draft.FromUid
                : throw new VoxException(Errors.NotFound, "You see no message with this sequence in the group.", "sequence");
        }

        if (key.IsBroadcast)
        {
            return await CountAsync(key, sequence, author, cancellationToken);
        }

        var members = (await groups.ReadMembersAsync(key, cancellationToken))
            .FindAll(member => member.Uid != author && (sequence is null || member.JoinedSequence < sequence));
        return new GroupReceipts(
            key.Id, sequence, members.Count,
            members.Count(member => sequence is null || member.Mark.Delivered >= sequence),
            members.Count(member => sequence is null || member.Mark.Read >= sequence),
            members.ConvertAll(member =>
            {
                var mark = MarkView.Of(member.Mark);
                return new GroupMemberReceipt(
                    member.LoginId, mark.Delivered, mark.DeliveredAt, mark.Read, mark.ReadAt, member.JoinedSequence);
            }));
    }

    /// <summary>
    /// Counts of a broadcast group. They come from one pass over the marks of all members, which serves all messages for half a minute:
    /// a counter for each message would be a row that all members write.
    /// </summary>
    private async Task<GroupReceipts> CountAsync(
        ConversationKey key, long? sequence, string author, CancellationToken cancellationToken)
    {
        if (!marks.TryGet(key, out var all))
        {
            all = await audience.ReadMarksAsync(key, cancellationToken);
            marks.Set(key, all);
        }

        var speakers = (await groups.ReadMembersAsync(key, cancellationToken)).Where(member => member.Uid != author)
            .Select(member => (member.JoinedSequence, member.Mark.Delivered, member.Mark.Read));
        var (of, delivered, read) = (0, 0, 0);
        foreach (var (joined, got, seen) in all.Concat(speakers))
        {
            if (sequence is null || joined < sequence)
            {
                of++;
                delivered += sequence is null || got >= sequence ? 1 : 0;
                read += sequence is null || seen >= sequence ? 1 : 0;
            }
        }

        return new GroupReceipts(key.Id, sequence, of, delivered, read, []);
    }

    private async Task TellAsync(
        Caller caller, ConversationKey key, GroupWindow window, Mark before, Mark after, CancellationToken cancellationToken)
    {
        if (after.Delivered == before.Delivered && after.Read == before.Read)
        {
            return;
        }

        if (key.IsBroadcast)
        {
            TellOwnDevices(caller, key, before, after);
            return;
        }

        var from = Math.Max(after.Delivered > before.Delivered ? before.Delivered : before.Read, window.First - 1);
        if (after.Read > before.Read)
        {
            from = Math.Max(Math.Min(from, before.Read), window.First - 1);
        }

        var to = Math.Max(after.Delivered > before.Delivered ? after.Delivered : 0, after.Read > before.Read ? after.Read : 0);
        var passed = await conversations.ReadRangeAsync(key, Math.Max(from + 1, to - MaxTold + 1), to, cancellationToken);
        var authors = passed.Where(message => message.Draft.FromUid != caller.Sender.Uid && !message.Draft.IsSystem)
            .Select(message => new UserIdentity(key.ProjectId, message.Draft.From, message.Draft.FromUid)).ToHashSet();
        if (after.Read > before.Read)
        {
            // The reader's other devices clear their unread counts.
            authors.Add(caller.Identity);
        }

        Push(caller, key, before, after, [.. authors]);
    }

    /// <summary>No author hears of each of 100,000 receipts: they ask for the counts.</summary>
    private void TellOwnDevices(Caller caller, ConversationKey key, Mark before, Mark after)
    {
        if (after.Read > before.Read)
        {
            Push(caller, key, before, after, [caller.Identity]);
        }
    }

    private void Push(Caller caller, ConversationKey key, Mark before, Mark after, UserIdentity[] users)
    {
        var view = MarkView.Of(after);
        pusher.ToUsers(
            users, RealtimeEvents.Receipt,
            new ReceiptEvent(
                key.Id, key.Id, caller.LoginId, view.Delivered, view.DeliveredAt, view.Read, view.ReadAt, Group: true, before.Delivered,
                before.Read),
            ReceiptJson.Wire.ReceiptEvent);
    }
}
