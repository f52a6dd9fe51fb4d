using Vox.Chat.ApiKeys;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>
/// Bans from a project and mutes in it. Both are in the user's row; a mute is copied to the user's sessions as well, which every send looks
/// at anyway. So neither costs a send anything, and both hold on all instances within <see cref="SessionOptions.CacheSeconds"/>.
/// </summary>
public sealed class ModerationService(
    UserService users, LiveSessions sessions, SessionEnding ending, ModerationStore store, ServerActions actions, TimeProvider time)
{
    public const int MaxPage = 100;

    private const int MaxReason = 200;

    /// <summary>For ever, as a time that the storage can hold.</summary>
    private static readonly DateTimeOffset Forever = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Bans a user from the project, or changes until when. All their sessions end.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_not_found</exception>
    internal async Task<ModeratedUser> BanAsync(ServerCaller caller, ModerateRequest request, CancellationToken cancellationToken)
    {
        var banned = await BanAsync(caller.Project, caller.Key.Name, request, cancellationToken);
        await actions.DoneAsync(caller, "user.banned", Detail(banned), cancellationToken);
        return banned;
    }

    /// <summary>The same, for a caller who records it.</summary>
    /// <param name="by">The name of an API key, or a developer's e-mail address.</param>
    /// <inheritdoc cref="BanAsync(ServerCaller, ModerateRequest, CancellationToken)"/>
    internal async Task<ModeratedUser> BanAsync(
        Project project, string by, ModerateRequest request, CancellationToken cancellationToken)
    {
        var (entry, user) = await BeginAsync(project, by, ModerationStore.Ban, request, cancellationToken);
        var changed = await users.ChangeAsync(
            project, user.LoginId,
            now => now.Uid == user.Uid ? now with { BannedUntil = entry.Until, SessionVersion = now.SessionVersion + 1 } : now,
            cancellationToken) ?? throw NoUser("userId");
        await ending.EndAllAsync(changed.Identity, cancellationToken);
        return View(entry);
    }

    /// <summary>It is no error if the user is not banned.</summary>
    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task LiftBanAsync(ServerCaller caller, string userId, CancellationToken cancellationToken)
    {
        var user = await users.ChangeAsync(
            caller.Project, userId, now => now.BannedUntil is null ? now : now with { BannedUntil = null }, cancellationToken)
            ?? throw NoUser("userId");
        await store.RemoveAsync(caller.Project.Id, ModerationStore.Ban, user.LoginId, cancellationToken);
        await actions.DoneAsync(caller, "user.unbanned", user.LoginId, cancellationToken);
    }

    /// <summary>Mutes a user, or changes until when: they read and receive, and send nothing.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_not_found</exception>
    internal async Task<ModeratedUser> MuteAsync(ServerCaller caller, ModerateRequest request, CancellationToken cancellationToken)
    {
        var muted = await MuteAsync(caller.Project, caller.Key.Name, request, cancellationToken);
        await actions.DoneAsync(caller, "user.muted", Detail(muted), cancellationToken);
        return muted;
    }

    /// <summary>The same, for a caller who records it.</summary>
    /// <param name="by">The name of an API key, or a developer's e-mail address.</param>
    /// <inheritdoc cref="MuteAsync(ServerCaller, ModerateRequest, CancellationToken)"/>
    internal async Task<ModeratedUser> MuteAsync(
        Project project, string by, ModerateRequest request, CancellationToken cancellationToken)
    {
        var (entry, user) = await BeginAsync(project, by, ModerationStore.Mute, request, cancellationToken);

        // First the user, then the sessions: one that begins in between finds that the user has changed.
        var changed = await users.ChangeAsync(
            project, user.LoginId, now => now.Uid == user.Uid ? now with { MutedUntil = entry.Until } : now, cancellationToken)
            ?? throw NoUser("userId");
        await sessions.MuteAsync(changed.Identity, entry.Until, cancellationToken);
        return View(entry);
    }

    /// <summary>It is no error if the user is not muted.</summary>
    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task LiftMuteAsync(ServerCaller caller, string userId, CancellationToken cancellationToken)
    {
        var user = await users.ChangeAsync(
            caller.Project, userId, now => now.MutedUntil is null ? now : now with { MutedUntil = null }, cancellationToken)
            ?? throw NoUser("userId");
        await sessions.MuteAsync(user.Identity, null, cancellationToken);
        await store.RemoveAsync(caller.Project.Id, ModerationStore.Mute, user.LoginId, cancellationToken);
        await actions.DoneAsync(caller, "user.unmuted", user.LoginId, cancellationToken);
    }

    /// <summary>A page of those who are banned or muted now. Entries whose time is over go.</summary>
    /// <exception cref="VoxException">invalid_field</exception>
    internal async Task<ModeratedPage> ListAsync(
        Project project, string kind, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var entries = await store.ListAsync(project.Id, kind, Cursor.Read(kind, cursor) ?? "", limit + 1, cancellationToken);
        var page = entries.Take(limit).ToList();
        var now = time.GetUtcNow();
        foreach (var over in page.Where(entry => entry.Until <= now))
        {
            await store.RemoveAsync(project.Id, kind, over.LoginId, cancellationToken);
        }

        return new ModeratedPage(
            [.. page.Where(entry => entry.Until > now).Select(View)],
            entries.Count > limit ? Cursor.Create(kind, page[^1].LoginId) : null);
    }

    /// <returns>When it ends, and why, as the request says it.</returns>
    /// <exception cref="VoxException">too_long, invalid_field</exception>
    internal (DateTimeOffset Until, string Reason) Check(ModerateRequest request)
    {
        if (request.Until <= time.GetUtcNow())
        {
            throw new VoxException(Errors.InvalidField, "until must be in the future; leave it out for ever.", "until");
        }

        var reason = request.Reason ?? "";
        if (reason.Length > MaxReason)
        {
            throw new VoxException(Errors.TooLong, $"reason may have at most {MaxReason} characters.", "reason");
        }

        if (reason.Any(char.IsControl) || !LoginIds.IsText(reason))
        {
            throw new VoxException(Errors.InvalidField, "reason may not contain control characters.", "reason");
        }

        return (request.Until is { } until && until < Forever ? until.ToUniversalTime() : Forever, reason);
    }

    /// <exception cref="VoxException">missing_field, user_not_found</exception>
    internal async Task<User> FindUserAsync(Project project, string? userId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(userId))
        {
            throw new VoxException(Errors.MissingField, "userId is missing or blank.", "userId");
        }

        return await users.FindNowAsync(project, userId, cancellationToken) ?? throw NoUser("userId");
    }

    /// <returns>Null for ever.</returns>
    internal static DateTimeOffset? Shown(DateTimeOffset until) => until < Forever ? until : null;

    /// <summary>The list comes first: whoever is banned is in it, also when this is cut off.</summary>
    private async Task<(ModerationEntry Entry, User User)> BeginAsync(
        Project project, string by, string kind, ModerateRequest request, CancellationToken cancellationToken)
    {
        var (until, reason) = Check(request);
        var user = await FindUserAsync(project, request.UserId, cancellationToken);
        var entry = new ModerationEntry(project.Id, kind, user.LoginId, user.Uid, until, reason, time.GetUtcNow(), by);
        await store.SetAsync(entry, cancellationToken);
        return (entry, user);
    }

    private static ModeratedUser View(ModerationEntry entry) => new(entry.LoginId, Shown(entry.Until), entry.Reason, entry.At, entry.By);

    private static string Detail(ModeratedUser user) =>
        user.Until is { } until ? $"{user.UserId}: until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : user.UserId;

    private static VoxException NoUser(string field) =>
        new(Errors.UserNotFound, "There is no user with this id in the project.", field);
}
