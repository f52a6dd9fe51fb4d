using Vox.Chat.Devices;

namespace Vox.Chat.Push;

/// <summary>What one device is told.</summary>
/// <param name="Id">The same however often it is sent: of the conversation and the message.</param>
/// <param name="Tag">Of the conversation: a newer one takes the place of an older one. At most 32 characters of base64url.</param>
/// <param name="Title">For people: who writes, or the group.</param>
/// <param name="Body">For people: the text, or what the project shows in its place. Empty for nothing.</param>
/// <param name="Conversation">The conversation's id.</param>
/// <param name="To">Whom the recipient writes to in it: the sender or the group. Null when the project hides it.</param>
/// <param name="Silent">Without a sound.</param>
public sealed record PushNotice(
    string ProjectId, string Id, string Tag, string Title, string Body, string Conversation, string? To, long Sequence, long SentAt,
    bool Silent);

public enum PushOutcome
{
    /// <summary>The service has taken it.</summary>
    Sent,

    /// <summary>The device is not there any more: it is removed.</summary>
    Gone,

    /// <summary>It may succeed later.</summary>
    Later,

    /// <summary>It will not succeed: the project's key is missing or not good, or the message is refused.</summary>
    Refused,
}

/// <param name="After">With <see cref="PushOutcome.Later"/>: when the service wants to be asked again. Null when it does not say.</param>
/// <param name="Reason">What the service calls it, for people. Never a token or a text.</param>
public sealed record PushResult(PushOutcome Outcome, string Reason = "", TimeSpan? After = null)
{
    public static PushResult Sent { get; } = new(PushOutcome.Sent);

    /// <summary>The service asks the whole project to send less, not only this device.</summary>
    public bool SlowsProject { get; init; }
}

/// <summary>Sends to one kind of devices.</summary>
public interface IPushSender
{
    DeviceKind Kind { get; }

    /// <summary>One attempt. Whatever the service or the network does is a result, no exception.</summary>
    Task<PushResult> SendAsync(Device device, PushNotice notice, CancellationToken cancellationToken);
}
