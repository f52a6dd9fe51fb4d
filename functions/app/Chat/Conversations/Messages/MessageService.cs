using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Realtime;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Sends messages: checks and stores them, then pushes them to the recipient and to the sender's other devices.</summary>
public sealed class MessageService(
    UserService users, ConversationWriter writer, ConversationTips tips, IEnumerable<IFileMessageStep> fileSteps,
    SentTexts texts, Pusher pusher, UsageCounters usage, ForwardReader forwards, IOptions<MessageOptions> options,
    IOptions<GroupOptions> groupOptions, TimeProvider time)
{
    /// <summary>Returns when the message is stored.</summary>
    /// <param name="isNewFile">The message is of a file that the sender has just uploaded for it.</param>
    /// <param name="byServer">The customer's server sends it for the user.</param>
    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, muted, recipient_not_found, blocked, group_not_found, group_frozen, not_a_member, busy,
    /// message_refused, hook_unavailable, blocked_words
    /// </exception>
    public async Task<SentMessage> SendMessageAsync(
        Project project, Sender sender, SendMessageRequest request, CancellationToken cancellationToken, bool isNewFile = false,
        bool byServer = false)
    {
        CheckMuted(sender);
        var draft = request.Forward is { } forward
            ? await CopyAsync(project, sender, request, forward, cancellationToken)
            : Check(sender, request);
        draft = await texts.BeforeSendAsync(project, draft, byServer, cancellationToken);
        if (ConversationKey.IsGroupId(draft.To))
        {
            try
            {
                return await SendToGroupAsync(project, draft, request.Tip, isNewFile);
            }
            catch (VoxException e) when (e.Error == Errors.GroupNotFound)
            {
                // It may be a user whose login id looks like a group's id: such ids were possible once.
                if (await users.FindRecentAsync(project.User(draft.To), cancellationToken) is null)
                {
                    throw;
                }
            }
        }

        try
        {
            return await SendAsync(project, sender, draft, request.Tip, isNewFile, cancellationToken);
        }
        catch (VoxException e) when (e.Error == Errors.RecipientNotFound
            || (e.Error == Errors.MessageNotFound && (draft.ReplyTo > 0 || draft.Thread > 0)))
        {
            // The remembered recipient is gone, or may be: with them nothing was said that can be answered. There may be a new user with
            // the same login id.
            users.Forget(project.User(draft.To));
            return await SendAsync(project, sender, draft, request.Tip, isNewFile, cancellationToken);
        }
    }

    /// <summary>The draft of a message that is forwarded.</summary>
    private async Task<MessageDraft> CopyAsync(
        Project project, Sender sender, SendMessageRequest request, ForwardRequest forward, CancellationToken cancellationToken)
    {
        if (request is { Data: not null } or { Thumbnail: not null } or { Size: not 0 } or { Type: not 1 } or { ContentType: not null })
        {
            throw new VoxException(
                Errors.InvalidField, "forward copies a message: leave out data, type, contentType, thumbnail and size.", "forward");
        }

        var source = (await forwards.FindAsync(project.Id, sender, forward, cancellationToken)).Draft;
        var copy = request with
        {
            Data = source.Data,
            Type = (int)source.Type,
            ContentType = source.ContentType,
            Thumbnail = source.Thumbnail,
            Size = source.Size,
        };
        return Check(sender, copy) with { Forwarded = true };
    }

    /// <summary>The customer's system says something in a group. It needs no membership, and nobody is told who has read it.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, group_not_found, busy</exception>
    public Task<SentMessage> SendSystemMessageAsync(Project project, SendMessageRequest request)
    {
        var draft = Check(new Sender("", ""), request) with { IsSystem = true, Reports = false, MarksRead = false };
        return ConversationKey.IsGroupId(draft.To)
            ? SendToGroupAsync(project, draft, null, isNewFile: false)
            : throw GroupErrors.NoGroup();
    }

    /// <exception cref="VoxException">muted</exception>
    public void CheckMuted(Sender sender)
    {
        if (sender.MutedUntil > time.GetUtcNow())
        {
            throw new VoxException(
                Errors.Muted, $"You may not send before {sender.MutedUntil.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC: you are muted.");
        }
    }

    private async Task<SentMessage> SendAsync(
        Project project, Sender sender, MessageDraft draft, string? tip, bool isNewFile, CancellationToken cancellationToken)
    {
        var recipient = await users.FindRecentAsync(project.User(draft.To), cancellationToken)
            ?? throw new VoxException(Errors.RecipientNotFound, "There is no user with the recipient's name in the project.", "to");
        // As the user is really called: the request may have written the id in another form.
        draft = draft with { To = recipient.LoginId };
        var self = recipient.Uid == sender.Uid;
        var from = new Member(sender.LoginId, sender.Uid);
        var key = ConversationKey.Between(project.Id, sender.Uid, recipient.Uid);
        IReadOnlyList<Member> members = self ? [from] : [from, new Member(recipient.LoginId, recipient.Uid)];
        var target = new ConversationTarget(key, members, project.LogEnabled, tips.Read(key, members, tip))
        {
            Tells = project.HasDevices || project.Searches || project.Wants(EventTypes.MessageSent),
        };

        // If the sender disconnects now, the message is sent all the same and the recipient is told.
        var sent = await writer.AppendAsync(target, draft, CancellationToken.None);
        await RunFileStepsAsync(target, draft, isNewFile);
        if (!sent.Duplicate)
        {
            usage.Message(project.Id, sender.Uid, System.Text.Encoding.UTF8.GetByteCount(draft.Data));
            var message = MessageEvent.Of(sent.ConversationId, sent.Message) with { Tip = sent.Tip };
            UserIdentity own = new(project.Id, sender.LoginId, sender.Uid);
            pusher.ToUsers(
                self ? [own] : [recipient.Identity, own], RealtimeEvents.Message, message, MessageJson.Wire.MessageEvent);
            await texts.StoredAsync(project, sent.ConversationId, sent.Sequence, draft);
        }

        return sent;
    }

    private async Task<SentMessage> SendToGroupAsync(Project project, MessageDraft draft, string? tip, bool isNewFile)
    {
        var key = new ConversationKey(project.Id, draft.To);
        var known = tips.ReadForGroup(key, draft.FromUid, tip);
        var target = new ConversationTarget(key, [], project.LogEnabled, known?.Head, known?.KnowsSender ?? false)
        {
            MentionsAllFrom = project.MentionsAll == MentionRight.Members ? GroupRole.Member : GroupRole.Admin,
            SeesAll = groupOptions.Value.History == GroupHistory.All,
            Tells = project.HasDevices || project.Searches || project.Wants(EventTypes.MessageSent),
        };
        var sent = await writer.AppendAsync(target, draft, CancellationToken.None);
        await RunFileStepsAsync(target, draft, isNewFile);
        if (!sent.Duplicate)
        {
            // Of no use to 100,000 members who only read.
            var message = MessageEvent.Of(sent.ConversationId, sent.Message) with { Tip = key.IsBroadcast ? null : sent.Tip };
            usage.Message(project.Id, draft.FromUid, System.Text.Encoding.UTF8.GetByteCount(draft.Data));
            pusher.ToGroup(
                project.Id, draft.To, RealtimeEvents.Message, message, MessageJson.Wire.MessageEvent,
                DateTimeOffset.FromUnixTimeMilliseconds(sent.SentAt));
            await texts.StoredAsync(project, sent.ConversationId, sent.Sequence, draft);
        }

        return sent;
    }

    private async Task RunFileStepsAsync(ConversationTarget target, MessageDraft draft, bool isNewFile)
    {
        if (draft.Type.IsFile())
        {
            foreach (var step in fileSteps)
            {
                await step.SentAsync(target.Key, target.Members, draft, isNewFile, CancellationToken.None);
            }
        }
    }

    /// <summary>Checks everything about a message that needs no storage request.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public MessageDraft Check(Sender sender, SendMessageRequest request)
    {
        var data = CheckText(request.Data);
        if (request.To is not { Length: > 0 } to)
        {
            throw new VoxException(Errors.MissingField, "The recipient is missing or blank.", "to");
        }

        var type = (MessageType)request.Type;
        if (!Enum.IsDefined(type))
        {
            throw new VoxException(Errors.InvalidField, "type must be a number from 1 (text) to 7 (document).", "type");
        }

        if (request.ContentType is { Length: > 127 })
        {
            throw new VoxException(Errors.TooLong, "contentType may have at most 127 characters.", "contentType");
        }

        if (request.Tip is { Length: > ConversationTips.MaxLength })
        {
            throw new VoxException(
                Errors.TooLong, $"tip may have at most {ConversationTips.MaxLength} characters: pass on what an answer had, or nothing.",
                "tip");
        }

        if (request.ClientTime < 0 || request.ClientSequence < 0)
        {
            throw new VoxException(Errors.InvalidField, "clientTime and clientSequence may not be negative.", "clientTime");
        }

        MessageData.Check(type, data);
        if (type.IsFile() && request.Size < 0)
        {
            throw new VoxException(Errors.InvalidField, "size must be the file's length in bytes.", "size");
        }

        return SendFieldChecks.Apply(new MessageDraft(
            CheckId(request.ClientMessageId), sender.LoginId, sender.Uid, to, type, request.ContentType ?? "text/plain", data,
            FileKey.CheckReference(request.Thumbnail, "thumbnail"), type.IsFile() && request.Size > 0 ? request.Size : data.Length,
            request.ClientTime, request.ClientSequence)
        {
            Reports = request.Reports ?? true,
            MarksRead = request.MarksRead ?? true,
        }, request);
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public string CheckText(string? data)
    {
        var max = options.Value.MaxLength;
        return data switch
        {
            null or "" => throw new VoxException(Errors.MissingField, "The message is missing or empty.", "data"),
            { Length: var length } when length > max => throw new VoxException(
                Errors.TooLong, $"The message has {length:N0} characters; at most {max:N0} are allowed.", "data"),
            var text when text.Contains('\0', StringComparison.Ordinal) || !LoginIds.IsText(text) => throw new VoxException(
                Errors.InvalidField, "The message contains the character U+0000 or half of a surrogate pair.", "data"),
            var text => text,
        };
    }

    private string CheckId(string? id)
    {
        var max = options.Value.MaxIdLength;
        return id switch
        {
            null or "" => RandomIds.Create(16),
            _ when id.Length > max => throw new VoxException(
                Errors.TooLong, $"clientMessageId may have at most {max} characters.", "clientMessageId"),
            _ when id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':')) => throw new VoxException(
                Errors.InvalidField, "clientMessageId may contain only ASCII letters, digits, hyphens, underscores, full stops and colons.",
                "clientMessageId"),
            _ => id,
        };
    }
}
