using System.Globalization;
using Vox.Chat.ApiKeys;
using Vox.Chat.Conversations.Changes;
using Vox.Chat.Conversations.Messages;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Messages;

/// <summary>Edits and deletes messages for customers' servers.</summary>
public sealed class ServerChangeService(ChangeService changes, ServerActions actions)
{
    /// <summary>A message's version is the number of its last change, which the pages of messages show.</summary>
    internal static string ETagOf(MessageEvent message) =>
        $"\"{(message.Change ?? 0).ToString(CultureInfo.InvariantCulture)}\"";

    /// <param name="tags">One of which the message must have; null for any.</param>
    /// <exception cref="VoxException">missing_field, too_long, not_found, message_not_found, not_a_text, precondition_failed</exception>
    internal async Task<ServerMessageChange> EditAsync(
        ServerCaller caller, NamedMessage named, EditServerMessageRequest request, IReadOnlyList<string>? tags,
        CancellationToken cancellationToken) =>
        await ToldAsync(
            caller, "message.edited", Of(await changes.EditByServerAsync(caller.Project, named, request.Data, Numbers(tags))),
            cancellationToken);

    /// <inheritdoc cref="EditAsync"/>
    internal async Task<ServerMessageChange> DeleteAsync(
        ServerCaller caller, NamedMessage named, IReadOnlyList<string>? tags, CancellationToken cancellationToken) =>
        await ToldAsync(
            caller, "message.deleted", Of(await changes.DeleteByServerAsync(caller.Project, named, Numbers(tags))), cancellationToken);

    /// <summary>Records which message was changed, and nothing of its text.</summary>
    private async Task<ServerMessageChange> ToldAsync(
        ServerCaller caller, string action, ServerMessageChange change, CancellationToken cancellationToken)
    {
        if (change.Changed)
        {
            await actions.DoneAsync(caller, action, $"{change.Conversation} {change.Sequence}", cancellationToken);
        }

        return change;
    }

    private static ServerMessageChange Of(ChangeResponse response) =>
        new(response.Conversation, response.Sequence, !response.Duplicate, response.Message);

    /// <summary>Tags that are none of ours match nothing.</summary>
    private static List<long>? Numbers(IReadOnlyList<string>? tags) => tags?
        .Select(tag => long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
        .ToList();
}
