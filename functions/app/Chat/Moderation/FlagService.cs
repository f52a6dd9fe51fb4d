using System.Globalization;
using Vox.Chat.Conversations.Changes;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;

namespace Vox.Chat.Moderation;

/// <summary>Takes what users flag, for the moderators' queue.</summary>
public sealed class FlagService(
    FlagStore store, ChangeReader messages, UserService users, RateLimits limits, IProjectEvents events, TimeProvider time)
{
    public const int MaxPerDay = 50;

    public const int MaxText = 500;

    /// <summary>Of the ids of entries.</summary>
    public const int IdLength = 27;

    /// <summary>How much of a message an event shows.</summary>
    public const int MaxShown = 1_000;

    /// <summary>Many may flag the same message at the same moment.</summary>
    private const int MaxAttempts = 12;

    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, not_found, message_not_found, message_deleted, group_not_found, not_a_member,
    /// user_not_found, limit_reached, too_many_requests, busy
    /// </exception>
    internal async Task<FlagAnswer> AddAsync(Caller caller, FlagRequest request, CancellationToken cancellationToken)
    {
        var reason = CheckReason(request.Reason);
        var text = CheckText(request.Text, "text", MaxText);
        var (target, data) = await FindTargetAsync(caller, request, cancellationToken);
        if (target.Uid == caller.Sender.Uid)
        {
            throw new VoxException(
                Errors.InvalidField, "You cannot flag yourself or your own message.", target.IsMessage ? "sequence" : "user");
        }

        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var now = time.GetUtcNow();
            var flag = new Flag(caller.LoginId, caller.Sender.Uid, reason, text, now);
            var wanted = target with { Reason = reason, FirstAt = now, LastAt = now, QueuedAt = now };
            switch (await TryAddAsync(wanted, flag, cancellationToken))
            {
                case true:
                    await TellAsync(target, flag, data);
                    return new FlagAnswer(false);
                case false:
                    return new FlagAnswer(true);
                case null:
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 15 * attempt)), time, cancellationToken);
                    break;
            }
        }

        throw new VoxException(Errors.Busy, "Many flag the same at this moment: try again.");
    }

    /// <summary>A text for moderators.</summary>
    /// <exception cref="VoxException">too_long, invalid_field</exception>
    internal static string CheckText(string? text, string field, int max) => (text?.Trim() ?? "") switch
    {
        { Length: var length } when length > max =>
            throw new VoxException(Errors.TooLong, $"{field} may have at most {max} characters.", field),
        var given when given.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || !LoginIds.IsText(given) =>
            throw new VoxException(Errors.InvalidField, $"{field} may not contain control characters.", field),
        var given => given,
    };

    /// <returns>True when it was stored, false when there was one, null when somebody else was faster.</returns>
    private async Task<bool?> TryAddAsync(Flagged wanted, Flag flag, CancellationToken cancellationToken)
    {
        var (projectId, id) = (wanted.ProjectId, wanted.Id);
        var counting = store.FindCountAsync(projectId, flag.Uid, cancellationToken);
        var finding = store.FindAsync(projectId, id, cancellationToken);
        var earlier = await store.FindFlagAsync(projectId, flag.Uid, id, cancellationToken);
        var (before, count) = (await finding, await counting);

        // What a user does goes on after a decision; a message is what it was.
        if (earlier is not null && (wanted.IsMessage || !(before?.Decision?.At >= earlier.At)))
        {
            return false;
        }

        var day = DateOnly.FromDateTime(flag.At.UtcDateTime);
        var today = count?.Day == day ? count.Count : 0;
        if (today >= MaxPerDay)
        {
            throw new VoxException(Errors.LimitReached, $"You can flag at most {MaxPerDay} times a day: go on tomorrow.");
        }

        var after = before is null
            ? wanted
            : before.With(flag);
        return await store.TryAddAsync(
            before, after, flag, new FlagCount(day, today + 1, count?.Version), earlier, cancellationToken) ? true : null;
    }

    private async Task<(Flagged Target, string? Data)> FindTargetAsync(
        Caller caller, FlagRequest request, CancellationToken cancellationToken)
    {
        var projectId = caller.Project.Id;
        if (request.User is { Length: > 0 } loginId)
        {
            if (request is { Conversation.Length: > 0 } or { Sequence: not null })
            {
                throw new VoxException(Errors.InvalidField, "Name either a message or a user, not both.", "user");
            }

            // The answer says whether there is such a user.
            limits.OfLookup(projectId, caller.LoginId, 1);
            return await users.FindNowAsync(caller.Project, loginId, cancellationToken) is { } user
                ? (New(projectId, ChatKeys.FlaggedUser(user.Uid), "", 0, user.LoginId, user.Uid), null)
                : throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", "user");
        }

        if (request.Conversation is not { Length: > 0 } conversation)
        {
            throw new VoxException(Errors.MissingField, "Name a message by conversation and sequence, or a user.", "conversation");
        }

        if (request.Sequence is not { } sequence)
        {
            throw new VoxException(Errors.MissingField, "sequence is missing: the number of the message.", "sequence");
        }

        var (key, message) = await messages.FindAsync(
            caller, new NamedMessage(conversation, sequence.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        if (message.Draft.IsSystem || message.Draft.FromUid.Length == 0)
        {
            throw new VoxException(Errors.InvalidField, "A message of the project's own system cannot be flagged.", "sequence");
        }

        return (New(projectId, ChatKeys.FlaggedMessage(key.Id, sequence), key.Id, sequence, message.Draft.From, message.Draft.FromUid),
            message.Draft.Data);
    }

    private static Flagged New(string projectId, string id, string conversation, long sequence, string loginId, string uid) => new(
        projectId, id, conversation, sequence, loginId, uid, IsOpen: true, Count: 1, "", default, default, default);

    private Task TellAsync(Flagged target, Flag flag, string? data) => events.TellAsync(
        target.ProjectId, target.IsMessage ? EventTypes.MessageFlagged : EventTypes.UserFlagged, flag.At,
        new FlagEventData(
            target.Id, flag.LoginId, target.LoginId, flag.Reason, flag.Text.Length > 0 ? flag.Text : null,
            target.IsMessage ? target.Conversation : null, target.IsMessage ? target.Sequence : null,
            data is null ? null : Shortened(data, MaxShown)),
        EventJson.Wire.FlagEventData, target.Id, flag.Uid, flag.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>No half of a surrogate pair at the end.</summary>
    internal static string Shortened(string text, int max) =>
        text.Length > max ? text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)] : text;

    private static string CheckReason(string? reason) => reason switch
    {
        null or "" => throw new VoxException(
            Errors.MissingField, $"reason is missing: one of {string.Join(", ", FlagReasons.All)}.", "reason"),
        _ when !FlagReasons.All.Contains(reason, StringComparer.Ordinal) => throw new VoxException(
            Errors.InvalidField, $"reason must be one of {string.Join(", ", FlagReasons.All)}.", "reason"),
        _ => reason,
    };
}
