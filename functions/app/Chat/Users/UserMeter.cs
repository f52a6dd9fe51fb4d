using Vox.Chat.Model;
using Vox.Chat.Usage;

namespace Vox.Chat.Users;

/// <summary>
/// Counts the users of projects. Whoever creates or deletes a user notes it in a row of its own, before a user is stored and when one is
/// removed. Later a timer looks which of them exist, and changes the number: so a repetition, or a process that has ended in between, can
/// neither count a user twice nor forget one.
/// </summary>
public sealed class UserMeter(UserMeterStore store, UserStore users, FoldMarks marks, TimeProvider time) : IDailyFigure, IUserRemovalStep
{
    private const int Batch = 45;

    public UsagePart Part => UsagePart.Users;

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Called before the user is stored.</summary>
    public Task NoteAsync(User user, CancellationToken cancellationToken) => NoteAsync(user, user.LoginId, cancellationToken);

    public Task RemoveAsync(User user, CancellationToken cancellationToken) => NoteAsync(user, null, cancellationToken);

    public async Task<IReadOnlyList<long>> FoldAsync(
        string projectId, DateOnly from, DateOnly to, long? before, CancellationToken cancellationToken)
    {
        var total = await TotalAsync(projectId, cancellationToken);
        var after = ChatKeys.UserChange("");
        while (await store.ChangesAsync(projectId, after, Batch, cancellationToken) is { Count: > 0 } changes)
        {
            var looked = await Task.WhenAll(changes.Select(change => LookAsync(projectId, change, cancellationToken)));
            var settled = looked.Where(change => !change.IsOpen).ToList();
            var next = settled.Where(change => change.Counts is not null)
                .Aggregate(total, (sum, change) => With(sum, DayOf(change.Change.At), change.Counts!.Value ? 1 : -1));
            if (settled.Count > 0
                && !await store.TryApplyAsync(
                    projectId, next, settled.Select(change => (change.Change, change.Counts)), cancellationToken))
            {
                // Somebody else adds it up at the same time, or a user has just been deleted.
                total = await TotalAsync(projectId, cancellationToken);
                continue;
            }

            if (settled.Count > 0)
            {
                total = await TotalAsync(projectId, cancellationToken);
            }

            after = changes[^1].Row;
        }

        return [.. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1)
            .Select(day => from.AddDays(day) < total.Day ? total.Before : total.Users)];
    }

    /// <summary>With the first change of a day, what there was before it is what there was at the end of the day before.</summary>
    internal static UserTotal With(UserTotal total, DateOnly day, int difference) =>
        day > total.Day ? total with { Users = total.Users + difference, Day = day, Before = total.Users }
        : day < total.Day ? total with { Users = total.Users + difference, Before = total.Before + difference }
        : total with { Users = total.Users + difference };

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private Task NoteAsync(User user, string? loginId, CancellationToken cancellationToken) => Task.WhenAll(
        marks.MarkAsync(user.ProjectId, UsagePart.Users, null, cancellationToken),
        store.NoteAsync(user.ProjectId, user.Uid, loginId, time.GetUtcNow(), cancellationToken));

    private async Task<(UserChange Change, bool? Counts, bool IsOpen)> LookAsync(
        string projectId, UserChange change, CancellationToken cancellationToken)
    {
        var counted = store.IsCountedAsync(projectId, change.Uid, cancellationToken);
        var exists = change.LoginId is { } loginId
            && await users.FindAsync(new(projectId, loginId), cancellationToken) is { DeletedAt: null } user && user.Uid == change.Uid;

        // Perhaps the user is being created just now. Then there is a mark that is not ended before this is over.
        var isOpen = !exists && change.LoginId is not null && time.GetUtcNow() - change.At < FoldMarks.Settling;
        return (change, await counted == exists ? (bool?)null : exists, isOpen);
    }

    /// <summary>The number so far. A project from before users were counted is counted by looking at each of them, once.</summary>
    private async Task<UserTotal> TotalAsync(string projectId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await store.FindTotalAsync(projectId, cancellationToken) is { } known)
            {
                return known;
            }

            var uids = new List<string>();
            await foreach (var user in users.ListAsync(projectId, null, "", 1_000, cancellationToken))
            {
                uids.Add(user.Uid);
                if (uids.Count == 100)
                {
                    await store.CountAsync(projectId, uids, cancellationToken);
                    uids.Clear();
                }
            }

            if (uids.Count > 0)
            {
                await store.CountAsync(projectId, uids, cancellationToken);
            }

            var count = await store.CountedAsync(projectId, cancellationToken);
            await store.TryApplyAsync(projectId, new UserTotal(count, Today, count, null), [], cancellationToken);
        }
    }
}
