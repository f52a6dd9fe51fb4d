using Vox.Chat.Conversations.Personal;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Receipts;

/// <summary>Delivered and read marks. They only move forward. The other user and the reader's other devices are told.</summary>
public sealed class ReceiptService(
    ConversationStore store, GroupReceiptService groups, ReceiptServerEvents servers, Pusher pusher, TimeProvider time)
{
    public const int MaxReceipts = 100;

    /// <summary>Most transactions for one receipt. For longer stretches, only the newest messages have their times noted.</summary>
    private const int MaxSteps = 10;

    // In a busy conversation one device acknowledges again and again. Its mark need not be read each time.
    private readonly ExpiringCache<(ConversationKey Key, string Uid), (ConversationHead Head, Mark Mark)> known =
        new(20_000, TimeSpan.FromMinutes(5), time);

    /// <summary>Handles each receipt on its own: a refused one does not stop the others.</summary>
    public async Task<ReceiptsResponse> MarkAsync(Caller caller, ReceiptsRequest request, CancellationToken cancellationToken)
    {
        var receipts = request.Receipts ?? throw new VoxException(Errors.MissingField, "receipts is missing.", "receipts");
        if (receipts.Count > MaxReceipts)
        {
            throw new VoxException(Errors.TooLong, $"receipts may have at most {MaxReceipts} entries.", "receipts");
        }

        if (receipts.Any(static receipt => receipt is null))
        {
            throw new VoxException(Errors.InvalidField, "receipts has an entry that is null: each must name its conversation.", "receipts");
        }

        // If a conversation is named twice, the furthest marks count.
        var merged = receipts.GroupBy(receipt => receipt.Conversation ?? "", StringComparer.Ordinal).Select(group =>
            new Receipt(group.Key, group.Max(r => r.Delivered), group.Max(r => r.Read)));
        return new ReceiptsResponse(await Task.WhenAll(merged.Select(receipt => MarkOneAsync(caller, receipt, cancellationToken))));
    }

    private async Task<ReceiptResult> MarkOneAsync(Caller caller, Receipt receipt, CancellationToken cancellationToken)
    {
        var id = receipt.Conversation ?? "";
        try
        {
            if (!ConversationKey.IsId(id))
            {
                throw new VoxException(Errors.NotFound, "There is no such conversation of yours.", "conversation");
            }

            return new ReceiptResult(id, MarkView.Of(await AdvanceAsync(caller, new(caller.Project.Id, id), receipt, cancellationToken)));
        }
        catch (VoxException e)
        {
            return new ReceiptResult(id, null, e.Error.Code);
        }
    }

    private async Task<Mark> AdvanceAsync(Caller caller, ConversationKey key, Receipt receipt, CancellationToken cancellationToken)
    {
        var uid = caller.Sender.Uid;
        var read = Math.Clamp(receipt.Read ?? 0, 0, Keys.MaxSequence);
        var delivered = Math.Clamp(receipt.Delivered ?? 0, read, Keys.MaxSequence);
        if (key.IsGroup)
        {
            return await groups.AdvanceAsync(caller, key, delivered, read, cancellationToken);
        }

        var remembered = known.TryGet((key, uid), out var state);
        var (head, mark) = remembered ? state : await FindAsync(key, uid, cancellationToken);
        var before = mark;
        PersonalState? changed = null;
        for (var step = 0; ; step++)
        {
            // A remembered head may be too old to set the limit. Then the storage itself refuses a mark beyond the last message.
            var last = remembered ? long.MaxValue : head.LastSequence;
            var personal = mark.State.AfterReading(Math.Min(read, last));
            var target = Next(mark, Math.Min(delivered, last), Math.Min(read, last), step, time.GetUtcNow().ToUnixTimeMilliseconds()) with
            {
                State = personal,
            };
            if (target == mark)
            {
                if (remembered && read > 0 && step == 0)
                {
                    // No write happens that would fail on a changed row. So look: another device may have marked messages as unread.
                    known.Remove((key, uid));
                    remembered = false;
                    (head, mark) = await FindAsync(key, uid, cancellationToken);
                    continue;
                }

                break;
            }

            var stored = await store.TryMarkAsync(key, uid, head.IndexOf(uid), mark, target, cancellationToken);
            if (stored is null)
            {
                // Another device was faster, or the remembered state is out of date.
                known.Remove((key, uid));
                remembered = false;
                (head, mark) = await FindAsync(key, uid, cancellationToken);
                continue;
            }

            changed = personal == mark.State ? changed : personal;
            mark = stored;
        }

        known.Set((key, uid), (head, mark));
        await servers.TellAsync(caller, key, before, mark);
        Tell(caller, key, head, before, mark);
        if (changed is not null)
        {
            var settings = ConversationSettings.Of(key.Id, changed, 0);
            pusher.ToUsers([caller.Identity], RealtimeEvents.Settings, settings, PersonalJson.Wire.ConversationSettings);
        }

        return mark;
    }

    /// <summary>The mark after the next transaction of a receipt.</summary>
    /// <param name="step">How many transactions the receipt had before.</param>
    internal static Mark Next(Mark mark, long delivered, long read, int step, long now)
    {
        delivered = Math.Max(delivered, mark.Delivered);
        read = Math.Max(read, mark.Read);
        if (delivered == mark.Delivered && read == mark.Read)
        {
            return mark;
        }

        // One transaction covers MaxMarked messages. Of a longer stretch the oldest are skipped, so that the last step reaches the end.
        var from = read > mark.Read ? Math.Min(mark.Read, mark.Delivered) : mark.Delivered;
        var to = Math.Max(from + ConversationStore.MaxMarked, delivered - ((MaxSteps - step - 1) * ConversationStore.MaxMarked));
        return mark.Forward(Math.Min(delivered, to), Math.Min(read, to), now);
    }

    private async Task<(ConversationHead Head, Mark Mark)> FindAsync(
        ConversationKey key, string uid, CancellationToken cancellationToken) =>
        await store.ReadMarksAsync(key, cancellationToken) is { } view && view.Head.IndexOf(uid) >= 0
            ? (view.Head, view.MarkOf(uid))
            : throw new VoxException(Errors.NotFound, "There is no such conversation of yours.", "conversation");

    private void Tell(Caller caller, ConversationKey key, ConversationHead head, Mark before, Mark after)
    {
        var other = head.OtherThan(caller.Sender.Uid);
        if ((after.Delivered == before.Delivered && after.Read == before.Read) || other.Uid == caller.Sender.Uid)
        {
            return;
        }

        var view = MarkView.Of(after);
        ReceiptEvent Event(string with) =>
            new(key.Id, with, caller.LoginId, view.Delivered, view.DeliveredAt, view.Read, view.ReadAt);
        pusher.ToUsers(
            [new(key.ProjectId, other.LoginId, other.Uid)], RealtimeEvents.Receipt, Event(caller.LoginId),
            ReceiptJson.Wire.ReceiptEvent);
        if (after.Read > before.Read)
        {
            // The reader's other devices clear their unread counts. A delivery alone is no news to them.
            pusher.ToUsers([caller.Identity], RealtimeEvents.Receipt, Event(other.LoginId), ReceiptJson.Wire.ReceiptEvent);
        }
    }
}
