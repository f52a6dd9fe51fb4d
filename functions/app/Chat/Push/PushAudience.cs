using Vox.Chat.Devices;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Platform.Caching;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <param name="Device">Where to.</param>
public sealed record PushTarget(Device Device, PushNotice Notice);

/// <summary>
/// Finds the devices on which recipients are to be told. Most requests are for those who have a device; whoever has none costs a part of
/// one request.
/// </summary>
public sealed class PushAudience(
    DeviceStore devices, PresenceStore presence, SessionStore sessions, PersonStore people, IAudience contacts, TimeProvider time)
{
    private readonly ExpiringCache<UserIdentity, string> names = new(10_000, TimeSpan.FromMinutes(1), time);

    /// <param name="onlyDevice">Only this one; null for all.</param>
    public async Task<IReadOnlyList<PushTarget>> FindAsync(
        Project project, IReadOnlyList<PushRecipient> recipients, string? onlyDevice, CancellationToken cancellationToken)
    {
        var found = await devices.ListManyAsync([.. recipients.Select(recipient => recipient.User)], cancellationToken);
        var targets = await ManyRequests.EachAsync(
            recipients.Where(recipient => found.ContainsKey(recipient.User)),
            recipient => TargetsAsync(
                project, recipient,
                found[recipient.User].FindAll(device => onlyDevice is null || device.Id == onlyDevice), cancellationToken),
            cancellationToken);
        return [.. targets.SelectMany(some => some)];
    }

    private async Task<List<PushTarget>> TargetsAsync(
        Project project, PushRecipient recipient, List<Device> all, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var awake = all.FindAll(device => device.Quiet?.Covers(now) != true);
        if (awake.Count == 0)
        {
            return [];
        }

        var (user, draft) = (recipient.User, recipient.Message.Draft);
        var conversation = recipient.Group is null
            ? ConversationKey.Between(user.ProjectId, user.Uid, draft.FromUid).Id
            : recipient.To;
        var seeing = presence.ReadAsync(user.Partition, cancellationToken);
        var blocking = recipient.Group is null || draft.IsSystem
            ? Task.FromResult(false)
            : contacts.IsBlockedAsync(user, draft.From, cancellationToken);
        var living = await sessions.ListAsync(user, cancellationToken);
        var (blocked, seen) = (await blocking, await seeing);
        var inView = seen.Leases.Values.Any(lease => lease.Until > now.ToUnixTimeMilliseconds() && lease.View == conversation);
        if (blocked || inView)
        {
            return [];
        }

        var alive = living.Where(session => !session.LoggedOut && session.ExpiresAt > now && !(session.Until <= now)
                && !(session.CreatedAt < project.TokensFrom))
            .Select(session => session.Id).ToHashSet(StringComparer.Ordinal);
        var sender = draft.IsSystem ? "" : await NameAsync(new(user.ProjectId, draft.From, draft.FromUid), cancellationToken);
        return awake.FindAll(device => alive.Contains(device.SessionId)).ConvertAll(
            device => new PushTarget(device, NoticeOf(project, recipient, conversation, sender, device.Language)));
    }

    private static PushNotice NoticeOf(Project project, PushRecipient recipient, string conversation, string sender, string language)
    {
        var message = recipient.Message;
        var (title, body) = PushText.Of(project.PushContent, message.Draft, sender, recipient.Group, language);
        return new PushNotice(
            project.Id, "psh_" + KeyText.Digest(project.Id, conversation, $"{message.Sequence}"), PushAnswers.Tag(project.Id, conversation),
            title, body, conversation, project.PushContent == PushContent.None ? null : recipient.To, message.Sequence, message.SentAt,
            message.Draft.Silent);
    }

    private async Task<string> NameAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        if (!names.TryGet(user, out var name))
        {
            var (profile, _) = await people.ReadAsync(user, cancellationToken);
            name = profile.DisplayName.Length > 0 ? profile.DisplayName : user.LoginId;
            names.Set(user, name);
        }

        return name;
    }
}
