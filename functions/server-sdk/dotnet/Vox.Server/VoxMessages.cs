using System.Globalization;

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

    /// <summary>The messages of one of a user's conversations, newest first, by the id that <see cref="ConversationsAsync"/> has.</summary>
    public IAsyncEnumerable<VoxMessage> ListOfConversationAsync(
        string userId, string conversation, CancellationToken cancellationToken = default) =>
        ListAsync($"users/{Paths.Part(userId)}/messages?limit=100&conversation={Paths.Part(conversation)}", cancellationToken);

    /// <summary>A user's conversations as they see them, the most recent first. Receipts do not change.</summary>
    public IAsyncEnumerable<VoxConversation> ConversationsAsync(
        string userId, CancellationToken cancellationToken = default) => Paths.AllAsync(
            $"users/{Paths.Part(userId)}/conversations?limit=100",
            path => connection.GetAsync(path, VoxJson.Default.ConversationPage, cancellationToken),
            page => (page.Conversations, page.Next));

    /// <summary>Replaces the text of a message, whoever has written it and when. The members are told live.</summary>
    /// <param name="conversation">The conversation's id.</param>
    /// <param name="sequence">The message's number in it.</param>
    /// <param name="data">The new text. It has the limits of a new message.</param>
    /// <param name="ifMatch">A message's etag: with another one by now, it is refused with <c>precondition_failed</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<ChangedMessage> EditAsync(
        string conversation, long sequence, string data, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        EditAsync(conversation, sequence, new MessageEdit(data), ifMatch, cancellationToken);

    /// <summary>The same, with whom the message mentions from now on.</summary>
    public Task<ChangedMessage> EditAsync(
        string conversation, long sequence, MessageEdit edit, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return connection.ChangeAsync(
            HttpMethod.Patch, PathOf(conversation, sequence), new EditBody(edit.Data, edit.Mentions, edit.MentionsAll),
            VoxJson.Default.EditBody, VoxJson.Default.ChangedMessage, ifMatch, cancellationToken);
    }

    /// <summary>The texts that a message had before it was edited, where the project keeps them. Oldest first, at most ten.</summary>
    public Task<MessageVersions> VersionsAsync(
        string conversation, long sequence, CancellationToken cancellationToken = default) =>
        connection.GetAsync(PathOf(conversation, sequence) + "/versions", VoxJson.Default.MessageVersions, cancellationToken);

    /// <summary>Deletes a message for everyone. Nothing is left of its text; the members are told live.</summary>
    /// <param name="conversation">The conversation's id.</param>
    /// <param name="sequence">The message's number in it.</param>
    /// <param name="ifMatch">A message's etag: with another one by now, it is refused with <c>precondition_failed</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<ChangedMessage> DeleteAsync(
        string conversation, long sequence, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync(PathOf(conversation, sequence), VoxJson.Default.ChangedMessage, ifMatch, cancellationToken);

    private static string PathOf(string conversation, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"conversations/{Paths.Part(conversation)}/messages/{sequence}");

    private IAsyncEnumerable<VoxMessage> ListAsync(string path, CancellationToken cancellationToken) => Paths.AllAsync(
        path, address => connection.GetAsync(address, VoxJson.Default.MessagePage, cancellationToken), page => (page.Messages, page.Next));
}
