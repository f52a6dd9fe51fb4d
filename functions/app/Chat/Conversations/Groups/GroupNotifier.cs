using Microsoft.Extensions.Logging;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Tells members what has changed, in one call to the group, whatever its size. An event is made before the change is answered, so that it
/// shows the group as the change left it. Events are pushed in the background, those of one group one after the other.
/// </summary>
public sealed partial class GroupNotifier(
    GroupStore groups, ConversationStore conversations, Pusher pusher, GroupServerEvents servers, TimeProvider time,
    ILogger<GroupNotifier> logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ConversationKey, Task> last = [];

    /// <summary>Tells everybody in the live group, and the customer's server.</summary>
    /// <param name="members">Those whom the change concerns.</param>
    /// <param name="alsoTo">Those who are not in the live group any more.</param>
    /// <param name="admins">The owner and the admins; null: they are looked up.</param>
    public async Task ToGroupAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members,
        IReadOnlyList<UserIdentity>? alsoTo = null, IReadOnlyList<string>? admins = null)
    {
        await servers.TellAsync(actor, key, type, head, members);
        await TellAsync(
            key, () => EventAsync(actor, key, type, head, members, admins), async told =>
            {
                await pusher.ToGroupAsync(key.ProjectId, key.Id, RealtimeEvents.Group, told, GroupJson.Wire.GroupEvent);
                await pusher.ToUsersAsync(alsoTo ?? [], RealtimeEvents.Group, told, GroupJson.Wire.GroupEvent);
            });
    }

    /// <summary>Tells only the acting user's own devices, and the customer's server.</summary>
    public async Task ToUserAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members,
        IReadOnlyList<string>? admins = null)
    {
        await servers.TellAsync(actor, key, type, head, members);
        await TellAsync(
            key, () => EventAsync(actor, key, type, head, members, admins),
            told => pusher.ToUsersAsync([actor.Identity], RealtimeEvents.Group, told, GroupJson.Wire.GroupEvent));
    }

    /// <summary>
    /// Tells each of these users of a change that concerns themselves, and only of that: in a broadcast group nobody hears who else joins
    /// or leaves.
    /// </summary>
    public Task ToEachAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<UserIdentity> users) => users.Count == 0
            ? Task.CompletedTask
            : TellAsync(
                key, () => EventAsync(actor, key, type, head, [], null),
                told => ManyRequests.EachAsync(users, user => pusher.ToUsersAsync(
                    [user], RealtimeEvents.Group, told with { Members = [user.LoginId] }, GroupJson.Wire.GroupEvent)));

    /// <summary>
    /// Tells those who could not join the live group before now. The event shows the group as it is now, because they have heard nothing
    /// meanwhile.
    /// </summary>
    public Task ToLateAsync(
        GroupActor actor, ConversationKey key, string type, IReadOnlyList<string> members, IReadOnlyList<UserIdentity> late) =>
        TellAsync(
            key,
            async () => await conversations.FindHeadAsync(key, CancellationToken.None) is { Group: not null, Closed: false } head
                ? await EventAsync(actor, key, type, head, members, null)
                : null,
            told => pusher.ToUsersAsync(late, RealtimeEvents.Group, told, GroupJson.Wire.GroupEvent));

    /// <summary>Completes when everything told of a group so far has reached the service, or was given up.</summary>
    public Task ToldAsync(ConversationKey key)
    {
        lock (gate)
        {
            return last.GetValueOrDefault(key, Task.CompletedTask);
        }
    }

    private async Task TellAsync(ConversationKey key, Func<Task<GroupEvent?>> make, Func<GroupEvent, Task> push)
    {
        if (!pusher.IsConfigured)
        {
            return;
        }

        try
        {
            if (await make() is { } told)
            {
                Enqueue(key, () => push(told));
            }
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            // The change is stored. It must not look as if it had failed only because nobody hears of it.
            NotTold(e, key.Id);
        }
    }

    private void Enqueue(ConversationKey key, Func<Task> push)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (gate)
        {
            before = last.GetValueOrDefault(key, Task.CompletedTask);
            last[key] = done.Task;
        }

        if (!pusher.Run(RunAsync))
        {
            Finish();
        }

        async Task RunAsync()
        {
            try
            {
                await before;
                await push();
            }
            finally
            {
                Finish();
            }
        }

        void Finish()
        {
            done.SetResult();
            lock (gate)
            {
                if (last.GetValueOrDefault(key) == done.Task)
                {
                    last.Remove(key);
                }
            }
        }
    }

    private async Task<GroupEvent?> EventAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members,
        IReadOnlyList<string>? admins)
    {
        var info = head.Group!;
        admins ??= head.Closed ? [] : [.. (await groups.ReadAdminsAsync(key, CancellationToken.None)).Select(member => member.LoginId)];
        return new GroupEvent(
            type, key.Id, info.Name, info.Description, info.Photo, members, admins, info.OwnerLogin, actor.LoginId, info.Version,
            time.GetUtcNow().ToUnixTimeMilliseconds(), actor.Client);
    }

    [LoggerMessage(5210, LogLevel.Warning, "Nobody was told of a change of {Group}: the storage did not answer")]
    private partial void NotTold(Exception exception, string group);
}
