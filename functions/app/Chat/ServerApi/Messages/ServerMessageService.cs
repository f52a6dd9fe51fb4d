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
    UserService users, MessageService messages, MessageReader reader, ConversationReader conversations, ServerGroups groups,
    TimeProvider time)
{
    public const int MaxPage = 100;

    private const string ConversationsKind = "conversations";
    private const string MessagesKind = "messages";

    /// <summary>The shortest length that a message id may always have.</summary>
    private const int IdLength = 16;

    /// <param name="key">The idempotency key; null for none.</param>
    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, user_not_found, user_disabled, muted, recipient_not_found, blocked, group_not_found,
    /// group_frozen, not_a_member
    /// </exception>
    internal async Task<SendMessageResponse> SendAsync(
        Project project, ServerSendRequest request, string? key, CancellationToken cancellationToken)
    {
        if (request is { To.Length: > 0, Group.Length: > 0 })
        {
            throw new VoxException(Errors.InvalidField, "Name either to or group, not both.", "group");
        }

        var to = request.Group is { Length: > 0 } group ? (await groups.FindAsync(project.Id, group, cancellationToken))
            .Key.Id : request.To;

        // Made of the key, so that a repetition that is worked on again stores nothing twice.
        var id = request.Id is { Length: > 0 } given ? given : key is null ? null : KeyText.Digest(key)[..IdLength];
        var message = new SendMessageRequest(
            to, request.Data, request.Type, request.ContentType, id, Reports: request.Reports, MarksRead: request.MarksRead ?? false)
        {
            ReplyTo = request.ReplyTo,
            Thread = request.Thread,
            Mentions = request.Mentions,
            MentionsAll = request.MentionsAll,
            Custom = request.Custom,
            Silent = request.Silent,
        };
        var sent = request.System
            ? await SendSystemAsync(project, request, message)
            : await messages.SendMessageAsync(project, await SenderAsync(project, request.From, cancellationToken), message,
                cancellationToken, byServer: true);
        return SendMessageResponse.Of(sent) with { Tip = null };
    }

    private Task<SentMessage> SendSystemAsync(Project project, ServerSendRequest request, SendMessageRequest message) =>
        request.From is { Length: > 0 }
            ? throw new VoxException(Errors.InvalidField, "A message of your system has no sender: leave from out.", "from")
            : (MessageType)request.Type is not (MessageType.Text or MessageType.Html)
                ? throw new VoxException(Errors.InvalidField, "type must be 1 or 2 for a message of your system.", "type")
                : messages.SendSystemMessageAsync(project, message);

    private async Task<Sender> SenderAsync(Project project, string? from, CancellationToken cancellationToken)
    {
        var user = await FindAsync(project, from, "from", cancellationToken);
        return user.IsShutOut(time.GetUtcNow())
            ? throw new VoxException(Errors.UserDisabled, "The sender is disabled or banned.", "from")
            : new Sender(user.LoginId, user.Uid) { MutedUntil = user.MutedUntil };
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
