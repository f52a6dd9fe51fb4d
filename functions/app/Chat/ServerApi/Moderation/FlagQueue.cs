using System.Globalization;
using Vox.Chat.Conversations.Changes;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Moderation;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>What users have flagged, for moderators to decide: customers' servers, and developers in the portal.</summary>
public sealed class FlagQueue(
    FlagStore store, ConversationStore conversations, ChangeService changes, ModerationService moderation, UserService users,
    TimeProvider time)
{
    public const int MaxPage = 100;

    private const int MaxNote = 200;
    private const int MaxReports = 50;
    private const int MaxAttempts = 12;

    /// <summary>Messages before and after the flagged one.</summary>
    private const int Around = 5;

    /// <param name="state">open (also when it is null) or decided.</param>
    /// <exception cref="VoxException">invalid_field</exception>
    internal async Task<FlagPage> ListAsync(
        Project project, string? state, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var open = state switch
        {
            null or "" or "open" => true,
            "decided" => false,
            _ => throw new VoxException(Errors.InvalidField, "state must be open or decided.", "state"),
        };
        var kind = open ? "open flags" : "decided flags";
        var after = Cursor.Read(kind, cursor) ?? "";
        if (after.Length > 0 && !FlagStore.IsPlace(open, after))
        {
            throw new VoxException(
                Errors.InvalidField, "cursor must be the next of an earlier answer of this endpoint, unchanged.", "cursor");
        }

        var found = await store.ListAsync(project.Id, open, after, limit + 1, cancellationToken);
        return new FlagPage(
            [.. found.Take(limit).Select(item => FlagView.Of(item.Entry))],
            found.Count > limit ? Cursor.Create(kind, found[limit - 1].Key) : null);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task<FlagDetail> GetAsync(Project project, string id, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(project, id, cancellationToken);
        var reports = store.FlagsOfAsync(project.Id, entry.Id, MaxReports, cancellationToken);
        List<Message> messages = entry.IsMessage
            ? await conversations.ReadRangeAsync(
                new(project.Id, entry.Conversation), entry.Sequence - Around, entry.Sequence + Around, cancellationToken)
            : [];
        messages.Reverse();
        return new FlagDetail(
            FlagView.Of(entry),
            (await reports).ConvertAll(flag => new FlagReport(
                flag.LoginId, flag.Reason, flag.Text.Length > 0 ? flag.Text : null, flag.At)),
            messages.ConvertAll(message => MessageEvent.Of(entry.Conversation, message)));
    }

    /// <summary>Does what was decided, and takes the entry off the queue. The caller records it.</summary>
    /// <param name="by">The name of an API key, or a developer's e-mail address.</param>
    /// <exception cref="VoxException">
    /// not_found, missing_field, too_long, invalid_field, user_not_found (to be muted or banned), on_hold, busy
    /// </exception>
    internal async Task<FlagView> DecideAsync(
        Project project, string by, string id, DecideFlagRequest request, CancellationToken cancellationToken)
    {
        var action = CheckAction(request);
        var note = FlagService.CheckText(request.Note, "note", MaxNote);
        var entry = await FindAsync(project, id, cancellationToken);

        // It is done first: whoever is cut off finds the entry open, and doing it again changes nothing.
        await ActAsync(project, by, entry, action, request with { Note = note }, cancellationToken);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var now = time.GetUtcNow();
            var decided = entry with { IsOpen = false, QueuedAt = now, Decision = new FlagDecision(action, note, by, now) };
            if (await store.TryChangeAsync(entry, decided, cancellationToken))
            {
                return FlagView.Of(decided);
            }

            entry = await FindAsync(project, id, cancellationToken);
        }

        throw new VoxException(Errors.Busy, "Many flag the same at this moment: try again.");
    }

    /// <summary>
    /// What is to be recorded of a decision. Only entries about users may name one: an erasure takes the names out of these.
    /// </summary>
    internal static IEnumerable<(string Action, string Detail)> Records(FlagView flag)
    {
        yield return ("flag.decided", $"{flag.Decision!.Action}, {flag.Kind} {flag.Id}");
        if (flag.Decision.Action is FlagActions.Ban or FlagActions.Mute)
        {
            yield return (flag.Decision.Action == FlagActions.Ban ? "user.banned" : "user.muted", $"{flag.User}: flagged");
        }
    }

    private async Task ActAsync(
        Project project, string by, Flagged entry, string action, DecideFlagRequest request, CancellationToken cancellationToken)
    {
        if (action == FlagActions.Delete)
        {
            if (!entry.IsMessage)
            {
                throw new VoxException(Errors.InvalidField, "A user was flagged, no message: action must be keep, mute or ban.", "action");
            }

            try
            {
                await changes.DeleteByServerAsync(
                    project, new NamedMessage(entry.Conversation, entry.Sequence.ToString(CultureInfo.InvariantCulture)), null);
            }
            catch (VoxException e) when (
                e.Error == Errors.MessageDeleted || e.Error == Errors.MessageNotFound || e.Error == Errors.NotFound)
            {
                // Somebody else has deleted it: what was wanted is so.
            }
        }
        else if (action is FlagActions.Mute or FlagActions.Ban)
        {
            if (await users.FindNowAsync(project, entry.LoginId, cancellationToken) is not { } user || user.Uid != entry.Uid)
            {
                throw new VoxException(Errors.UserNotFound, "The user is gone: action must be keep or delete.", "action");
            }

            var moderate = new ModerateRequest(user.LoginId, request.Until, request.Note!.ReplaceLineEndings(" ").Replace('\t', ' '));
            await (action == FlagActions.Ban
                ? moderation.BanAsync(project, by, moderate, cancellationToken)
                : moderation.MuteAsync(project, by, moderate, cancellationToken));
        }
    }

    private static string CheckAction(DecideFlagRequest request) => request switch
    {
        { Action: null or "" } => throw new VoxException(
            Errors.MissingField, $"action is missing: one of {string.Join(", ", FlagActions.All)}.", "action"),
        { Action: var action } when !FlagActions.All.Contains(action, StringComparer.Ordinal) => throw new VoxException(
            Errors.InvalidField, $"action must be one of {string.Join(", ", FlagActions.All)}.", "action"),
        { Until: not null, Action: FlagActions.Keep or FlagActions.Delete } => throw new VoxException(
            Errors.InvalidField, "until is only for mute and ban.", "until"),
        { Action: var action } => action,
    };

    private async Task<Flagged> FindAsync(Project project, string id, CancellationToken cancellationToken) =>
        id.Length == FlagService.IdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            && await store.FindAsync(project.Id, id, cancellationToken) is { } entry
            ? entry
            : throw new VoxException(Errors.NotFound, "Nothing with this id was flagged in the project.", "id");
}
