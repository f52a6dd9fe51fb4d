using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Realtime;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// A user in the live group of a group: what the SignalR service is told and asked about them, whether they belong there, and how long a
/// claim on a membership lasts.
/// </summary>
public sealed class LiveMembership(
    GroupStore groups, ConversationStore conversations, SignalRServices services, IOptions<RealtimeOptions> options)
{
    /// <summary>The service keeps only so many groups of a user (docs/decisions/0003-realtime.md).</summary>
    public const int KeptByService = 100;

    /// <summary>How far the clocks of two machines may be apart.</summary>
    private const int ClockMilliseconds = 500;

    /// <summary>False when no service is configured.</summary>
    public bool IsConfigured => services.IsConfigured;

    /// <summary>After a message is sent, how long it may be on its way to the service.</summary>
    public TimeSpan OnTheWay => options.Value.GroupPush + TimeSpan.FromMilliseconds(ClockMilliseconds);

    /// <summary>The longest that one call to the service takes.</summary>
    public TimeSpan OneCall => options.Value.PushTimeout;

    /// <summary>For how long a membership is claimed: enough for one look, one call, and what the storage takes.</summary>
    public TimeSpan Lease => (2 * OneCall) + TimeSpan.FromMilliseconds(ClockMilliseconds);

    /// <param name="connectedOnly">
    /// Only the connections that the user has now. So it always is for broadcast groups: the service does not keep 100,000 members, and
    /// every connection joins by itself (<see cref="GroupRejoin"/>).
    /// </param>
    /// <returns>False when the service did not take it.</returns>
    public Task<bool> AddAsync(ConversationKey key, UserIdentity user, bool connectedOnly) =>
        services.AddToGroupAsync(RealtimeUser.IdOf(user), Name(key), connectedOnly || key.IsBroadcast, CancellationToken.None);

    /// <returns>False when the service did not take it.</returns>
    public Task<bool> RemoveAsync(ConversationKey key, UserIdentity user) =>
        services.RemoveFromGroupAsync(RealtimeUser.IdOf(user), Name(key), CancellationToken.None);

    /// <returns>Null when the service did not say.</returns>
    public Task<bool?> ContainsAsync(ConversationKey key, UserIdentity user) =>
        services.IsInGroupAsync(RealtimeUser.IdOf(user), Name(key), CancellationToken.None);

    /// <summary>What the members' table, which is the truth, says now.</summary>
    public async Task<LiveState> StateAsync(ConversationKey key, UserIdentity user)
    {
        var head = conversations.FindHeadAsync(key, CancellationToken.None);
        var member = await groups.FindMemberAsync(key, user.LoginId, CancellationToken.None);
        return await head is { } found && (!found.Closed || found.IsEnded) && member is not null && user.Is(member.Uid)
            ? new LiveState(true, member.Left, member.Blocked, member.Since)
            : default;
    }

    /// <summary>Whether the group has ended without being deleted: its members still see it.</summary>
    public async Task<bool> IsEndedAsync(ConversationKey key) =>
        await conversations.FindHeadAsync(key, CancellationToken.None) is { IsEnded: true };

    private static string Name(ConversationKey key) => RealtimeUser.GroupOf(key.ProjectId, key.Id);
}
