using System.Text.Json.Serialization.Metadata;

namespace Vox.Chat.Events;

/// <summary>
/// Tells customers' servers what has happened in their project. It costs nothing in a project where nobody wants to hear of it.
/// </summary>
public interface IProjectEvents
{
    /// <summary>Whether somebody may want it, so that what it needs has to be found out.</summary>
    ValueTask<bool> WantsAsync(string projectId, string type, CancellationToken cancellationToken = default);

    /// <summary>
    /// To be called when the change is stored, before it is answered. Returns when the event is in the queue. It never fails: what cannot
    /// be put there now is tried again in the background.
    /// </summary>
    /// <param name="type">Of <see cref="EventTypes"/>.</param>
    /// <param name="data">At most about 15 KB of JSON.</param>
    /// <param name="identity">
    /// What makes it this event and no other of its type: the event's id follows from it, and is the same when it is told again.
    /// </param>
    Task TellAsync<T>(string projectId, string type, DateTimeOffset at, T data, JsonTypeInfo<T> info, params string[] identity);
}
