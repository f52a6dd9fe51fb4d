namespace Vox.Realtime;

/// <summary>Names of the events that clients listen to; documented in docs/realtime.md.</summary>
public static class RealtimeEvents
{
    /// <summary>A message, to its recipient and to the sender's own devices. Argument: <see cref="Messages.MessageEvent"/>.</summary>
    public const string Message = "message";
}
