using System.Globalization;
using Vox.Chat.Conversations;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.ServerApi.Messages;

/// <summary>Sends and reads messages for customers' servers, always as one of the project's users.</summary>
public sealed class ServerMessageService(
    UserService users, MessageService messages, MessageReader reader, ConversationReader conversations)
{
    public const int MaxPage = 100;

    private const string ConversationsKind = "conversations";
    private const string MessagesKind = "messages";

    /// <summary>The shortest length that a message id may always have.</summary>
    private const int IdLength = 16;

    /// <param name="key">The idempotency key; null for none.</param>
    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, user_not_found, user_disabled, recipient_not_found, blocked, group_not_found, not_a_member
    /// </exception>
    internal async Task<SendMessageResponse> SendAsync(
        Project project, ServerSendRequest request, string? key, CancellationToken cancellationToken)
    {
        var user = await FindAsync(project, request.From, "from", cancellationToken);
        if (user.DisabledAt is not null)
        {
            throw new VoxException(Errors.UserDisabled, "The sender is disabled: enable them first.", "from");
        }

        // Made of the key, so that a repetition that is worked on again stores nothing twice.
        var id = request.Id is { Length: > 0 } given ? given : key is null ? null : KeyText.Digest(key)[..IdLength];
        var sent = await messages.SendMessageAsync(
            project, new Sender(user.LoginId, user.Uid),
            new SendMessageRequest(
                request.To, request.Data, request.Type, request.ContentType, id, Reports: request.Reports,
                MarksRead: request.MarksRead ?? false)
            {
                ReplyTo = request.ReplyTo,
                Mentions = request.Mentions,
                MentionsAll = request.MentionsAll,
                Custom = request.Custom,
                Silent = request.Silent,
            },
            cancellationToken);
        return SendMessageResponse.Of(sent) with { Tip = null };
    }

    /// <exception cref="VoxException">user_not_found, invalid_field</exception>
    internal async Task<ServerConversationPage> ListAsync(
        Project project, string userId, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var offset = Place(ConversationsKind, cursor) ?? 0;
        var caller = Caller(project, await FindAsync(project, userId, "id", cancellationToken));
        var page = await conversations.ListAsync(caller, offset, limit, cancellationToken);
        var next = offset + page.Conversations.Count;
        return new ServerConversationPage(
            page.Conversations, Cursor.Create(ConversationsKind, next < page.Total ? Text(next) : null));
    }

    /// <exception cref="VoxException">user_not_found, missing_field, invalid_field, not_found</exception>
    internal async Task<ServerMessagePage> ReadAsync(
        Project project, string userId, string? with, string? conversation, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var before = Place(MessagesKind, cursor) ?? int.MaxValue;
        var caller = Caller(project, await FindAsync(project, userId, "id", cancellationToken));
        var page = await reader.ReadAsync(caller, with, conversation, before, 0, limit, cancellationToken);
        var oldest = page.Messages.Select(message => message.Sequence).Concat(page.HiddenSequences ?? []).DefaultIfEmpty(0).Min();
        return new ServerMessagePage(
            page.Conversation, page.LastSequence, page.Messages,
            Cursor.Create(MessagesKind, oldest > page.FirstSequence ? Text((int)oldest) : null));
    }

    private async Task<User> FindAsync(Project project, string? id, string field, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id))
        {
            throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field);
        }

        return await users.FindNowAsync(project, id, cancellationToken)
            ?? throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", field);
    }

    /// <summary>The user, as if they called themselves: they see here exactly what they see in their app.</summary>
    private static Caller Caller(Project project, User user) => new(
        project, new Sender(user.LoginId, user.Uid),
        new AccessClaims(project.Id, user.LoginId, user.Uid, "", DateTimeOffset.MaxValue));

    /// <exception cref="VoxException">invalid_field</exception>
    private static int? Place(string kind, string? cursor) => Cursor.Read(kind, cursor) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place > 0 => place,
        _ => throw new VoxException(Errors.InvalidField, "cursor must be the next of an earlier answer, unchanged.", "cursor"),
    };

    private static string Text(int place) => place.ToString(CultureInfo.InvariantCulture);
}
