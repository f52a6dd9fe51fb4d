using Vox.Chat.Model;
using Microsoft.Extensions.Logging;
using Vox.Chat.Realtime;
using Vox.Chat.Users;

namespace Vox.Chat.Contacts;

/// <summary>Tells everyone who had a login id in their contacts that it now belongs to a user.</summary>
internal sealed partial class JoinedNotifier(ContactStore store, Pusher pusher, ILogger<JoinedNotifier> logger) : IUserCreationStep
{
    public Task CreatedAsync(User user)
    {
        // Nobody waits for it.
        _ = TellAsync(user);
        return Task.CompletedTask;
    }

    private async Task TellAsync(User user)
    {
        try
        {
            var watchers = await store.FindWatchersAsync(user.Key, CancellationToken.None);
            pusher.ToUsers([.. watchers], RealtimeEvents.Joined, new JoinedEvent(user.LoginId), ContactJson.Wire.JoinedEvent);
        }
        catch (Exception e)
        {
            NotTold(e);
        }
    }

    [LoggerMessage(5000, LogLevel.Warning, "Could not tell who knows a new user")]
    private partial void NotTold(Exception exception);
}
