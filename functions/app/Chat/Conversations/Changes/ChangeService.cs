using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Events;
using Vox.Chat.Holds;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Changes;

/// <summary>Names a message in a request.</summary>
/// <param name="Conversation">As the path has it.</param>
/// <param name="Sequence">As the path has it.</param>
public sealed record NamedMessage(string Conversation, string Sequence);

/// <summary>Changes messages that were sent, and tells the conversation's members.</summary>
public sealed class ChangeService(
    ConversationWriter writer, MessageService messages, SentTexts texts, HoldStore holds, ConversationHolds conversationHolds,
    Pusher pusher, IOptions<MessageOptions> options, IOptions<GroupOptions> groupOptions)
{
    /// <summary>Replaces the text of a message by its author.</summary>
    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, muted, message_refused, hook_unavailable, member_not_found, not_allowed; and what
    /// <see cref="ConversationWriter.ChangeAsync"/> throws
    /// </exception>
    public async Task<ChangeResponse> EditAsync(
        Caller caller, NamedMessage named, EditMessageRequest request, CancellationToken cancellationToken)
    {
        var edit = Edit(caller.Project, request.Data, request.Mentions, request.MentionsAll);
        messages.CheckMuted(caller.Sender);
        var draft = await texts.BeforeEditAsync(caller.Project, caller.Sender, named.Conversation, edit.Data, cancellationToken);
        var changed = await ChangeAsync(
            caller.Project, Actor(caller), named, edit with { Data = draft.Data }, request.ClientChangeId, request.Tip);
        if (!changed.Duplicate)
        {
            await texts.StoredAsync(caller.Project, changed.Conversation, changed.Sequence, draft);
        }

        return changed;
    }

    /// <summary>Takes a message away from everyone: its author, or who may moderate the group.</summary>
    /// <inheritdoc cref="EditAsync"/>
    public Task<ChangeResponse> DeleteAsync(Caller caller, NamedMessage named, string? changeId, string? tip) => ChangeAsync(
        caller.Project, Actor(caller), named, new WantedDeletion(caller.Project.DeleteWindowSeconds), changeId, tip);

    /// <param name="emoji">As the client sent it.</param>
    /// <param name="present">False to take the reaction back.</param>
    /// <inheritdoc cref="EditAsync"/>
    public Task<ChangeResponse> ReactAsync(
        Caller caller, NamedMessage named, string? emoji, bool present, string? changeId, string? tip)
    {
        messages.CheckMuted(caller.Sender);
        return ChangeAsync(caller.Project, Actor(caller), named, new WantedReaction(Emoji.Check(emoji), present), changeId, tip);
    }

    /// <inheritdoc cref="EditAsync"/>
    public Task<ChangeResponse> PinAsync(Caller caller, NamedMessage named, bool present, string? changeId, string? tip)
    {
        messages.CheckMuted(caller.Sender);
        return ChangeAsync(caller.Project, Actor(caller), named, new WantedPin(present), changeId, tip);
    }

    /// <summary>Edits for the customer's server: any text, at any time.</summary>
    /// <param name="ifChange">See <see cref="ChangeRequest.IfChange"/>.</param>
    /// <inheritdoc cref="EditAsync"/>
    public async Task<ChangeResponse> EditByServerAsync(
        Project project, NamedMessage named, EditMessageRequest request, IReadOnlyList<long>? ifChange)
    {
        var edit = Edit(project, request.Data, request.Mentions, request.MentionsAll);
        edit = edit with { Data = (await texts.BeforeServerEditAsync(project, named.Conversation, edit.Data)).Data };
        return await ChangeAsync(project, Server, named, edit, null, null, ifChange);
    }

    /// <summary>Deletes for the customer's server: any message, at any time.</summary>
    /// <param name="ifChange">See <see cref="ChangeRequest.IfChange"/>.</param>
    /// <inheritdoc cref="EditAsync"/>
    public Task<ChangeResponse> DeleteByServerAsync(Project project, NamedMessage named, IReadOnlyList<long>? ifChange) => ChangeAsync(
        project, Server, named, new WantedDeletion(project.DeleteWindowSeconds), null, null, ifChange);

    private static readonly ChangeActor Server = new("", "", SeesAll: true, static _ => true);

    private ChangeActor Actor(Caller caller) => new(
        caller.LoginId, caller.Sender.Uid, groupOptions.Value.History == GroupHistory.All,
        static role => GroupPolicy.Allows(role, GroupAction.ModerateMessages));

    /// <summary>
    /// Whether the conversation can have mentions is found out later: a stranger learns only that there is none of theirs.
    /// </summary>
    private WantedEdit Edit(Project project, string? data, IReadOnlyList<string>? mentions, bool? mentionsAll) =>
        new(messages.CheckText(data), project.KeepsVersions, project.EditWindowSeconds)
        {
            Mentions = mentions is null ? null : SendFieldChecks.Names(mentions),
            MentionsAll = mentionsAll,
            MentionsAllFrom = project.MentionsAll == MentionRight.Members ? GroupRole.Member : GroupRole.Admin,
        };

    private async Task<ChangeResponse> ChangeAsync(
        Project project, ChangeActor actor, NamedMessage named, WantedChange wanted, string? changeId, string? tip,
        IReadOnlyList<long>? ifChange = null)
    {
        var key = Key(project, named.Conversation);
        var hasOwnId = !string.IsNullOrEmpty(changeId);
        var request = new ChangeRequest(
            key, Sequence(named.Sequence), wanted, actor, hasOwnId ? CheckId(changeId!) : RandomIds.Create(16), hasOwnId, CheckTip(tip),
            project.LogEnabled,
            wanted is WantedEdit or WantedDeletion
                ? async () => await conversationHolds.IsHeldAsync(
                    await holds.ReadAsync(project.Id, CancellationToken.None), key, CancellationToken.None)
                : null)
        {
            Tells = (project.LogEnabled && EventTypes.OfChanges.Any(project.Wants))
                || (project.Searches && wanted is WantedEdit or WantedDeletion),
            IfChange = ifChange,
        };

        // If the caller disconnects now, the change is made all the same and the others are told.
        var result = await writer.ChangeAsync(request);
        var message = MessageEvent.Of(key.Id, result.Message);
        var epoch = EpochView.Of(result.Head.Epoch);
        if (result.Change is { } change)
        {
            Tell(key, result, change, message);
        }

        return new ChangeResponse(
            key.Id, result.Change?.Number ?? message.Change, request.Sequence, message, result.Change is null, result.Tip, epoch);
    }

    private void Tell(ConversationKey key, ChangeResult result, MessageChange change, MessageEvent message)
    {
        var told = new ChangeEvent(
            key.Id, change.Number, KindOf(change.Kind), change.By.Length > 0 ? change.By : null, change.At, change.Sequence, message,
            change.Emoji.Length > 0 ? change.Emoji : null, change.Kind == ChangeKind.Unreacted ? true : null,
            key.IsBroadcast ? null : result.Tip, EpochView.Of(result.Head.Epoch));
        if (!key.IsGroup)
        {
            pusher.ToUsers(
                [.. result.Head.Members.Select(member => new UserIdentity(key.ProjectId, member.LoginId, member.Uid))],
                RealtimeEvents.Change, told, ChangeJson.Wire.ChangeEvent);
        }
        else if (!key.IsBroadcast || change.Kind is not (ChangeKind.Reacted or ChangeKind.Unreacted))
        {
            // 100,000 members are not told of each other's reactions.
            pusher.ToGroup(
                key.ProjectId, key.Id, RealtimeEvents.Change, AllSee(key, result.Head, change) ? told : told with { Message = null },
                ChangeJson.Wire.ChangeEvent, DateTimeOffset.FromUnixTimeMilliseconds(change.At));
        }
    }

    /// <summary>Whoever joined later must not be shown what was written before.</summary>
    private bool AllSee(ConversationKey key, ConversationHead head, MessageChange change) =>
        groupOptions.Value.History == GroupHistory.All || (!key.IsBroadcast && head.Group?.LastJoin < change.Sequence);

    private static string KindOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Edited => "edited",
        ChangeKind.Deleted => "deleted",
        ChangeKind.Pinned => "pinned",
        ChangeKind.Unpinned => "unpinned",
        _ => "reaction",
    };

    /// <exception cref="VoxException">not_found</exception>
    internal static ConversationKey Key(Project project, string conversation) => ConversationKey.IsId(conversation)
        ? new(project.Id, conversation)
        : throw new VoxException(Errors.NotFound, "There is no such conversation of yours.", "conversation");

    /// <exception cref="VoxException">message_not_found</exception>
    internal static long Sequence(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var sequence)
            && sequence > 0
            ? sequence
            : throw new VoxException(Errors.MessageNotFound, "The sequence must be the number of a message: 1, 2, 3.", "sequence");

    private string CheckId(string id)
    {
        var max = options.Value.MaxIdLength;
        return id.Length > max
            ? throw new VoxException(Errors.TooLong, $"clientChangeId may have at most {max} characters.", "clientChangeId")
            : id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
                ? id
                : throw new VoxException(
                    Errors.InvalidField,
                    "clientChangeId may contain only ASCII letters, digits, hyphens, underscores, full stops and colons.",
                    "clientChangeId");
    }

    private static string? CheckTip(string? tip) => tip is { Length: > ConversationTips.MaxLength }
        ? throw new VoxException(
            Errors.TooLong, $"tip may have at most {ConversationTips.MaxLength} characters: pass on what an answer had, or nothing.", "tip")
        : tip;
}
