using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Scheduled;

public enum ScheduledState
{
    /// <summary>Waits for its time.</summary>
    Waiting,

    /// <summary>Is being sent: it cannot be changed any more.</summary>
    Sending,

    /// <summary>Was refused when it was due. It waits for the user to change or delete it.</summary>
    Failed,
}

/// <summary>A message that the server sends later.</summary>
/// <param name="Id">Also the client message id with which it is sent: so it is stored once, however often it is tried.</param>
/// <param name="Message">As the user would send it at that time.</param>
/// <param name="Reason">The code of the error with which it was refused; empty before.</param>
public sealed record ScheduledMessage(
    string ProjectId, Sender Sender, string Id, DateTimeOffset SendAt, DateTimeOffset CreatedAt, SendMessageRequest Message,
    ScheduledState State = ScheduledState.Waiting, string Reason = "", RowVersion? Version = null)
{
    /// <summary>The client message id with which it is sent.</summary>
    public string MessageId => "scheduled." + Id;
}
