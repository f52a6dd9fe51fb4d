namespace Vox.Server;

/// <summary>Messages.</summary>
public sealed class VoxMessages
{
    private readonly VoxConnection connection;

    internal VoxMessages(VoxConnection connection) => this.connection = connection;

    /// <summary>Sends as one of your users, or as your system.</summary>
    /// <param name="message">What to send.</param>
    /// <param name="idempotencyKey">With the same key it is stored once, whatever happens in between; null: once for this call.</param>
    /// <param name="cancellationToken">Ends the waiting. The message may be stored all the same.</param>
    public Task<SentMessage> SendAsync(
        MessageDraft message, string? idempotencyKey = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            "messages", message, VoxJson.Default.MessageDraft, VoxJson.Default.SentMessage, idempotencyKey, cancellationToken);

    /// <summary>Sends a text from one user to another.</summary>
    public Task<SentMessage> SendAsync(
        string from, string to, string text, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SendAsync(new MessageDraft { From = from, To = to, Data = text }, idempotencyKey, cancellationToken);

    /// <summary>Your system says something in a group, without a sender.</summary>
    public Task<SentMessage> SendSystemAsync(
        string group, string text, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SendAsync(new MessageDraft { System = true, Group = group, Data = text }, idempotencyKey, cancellationToken);

    /// <summary>The messages of two users, newest first. Pages are read as they are needed; receipts do not change.</summary>
    public IAsyncEnumerable<VoxMessage> ListAsync(string userId, string with, CancellationToken cancellationToken = default) =>
        ListAsync($"users/{Paths.Part(userId)}/messages?limit=100&with={Paths.Part(with)}", cancellationToken);

    /// <summary>The messages of a group, newest first.</summary>
    public IAsyncEnumerable<VoxMessage> ListOfGroupAsync(string groupId, CancellationToken cancellationToken = default) =>
        ListAsync($"groups/{Paths.Part(groupId)}/messages?limit=100", cancellationToken);

    private IAsyncEnumerable<VoxMessage> ListAsync(string path, CancellationToken cancellationToken) => Paths.AllAsync(
        path, address => connection.GetAsync(address, VoxJson.Default.MessagePage, cancellationToken), page => (page.Messages, page.Next));
}
