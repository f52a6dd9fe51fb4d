using System.Globalization;
using Vox.Chat.ApiKeys;
using Vox.Chat.Conversations.Changes;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Messages;

/// <summary>Edits and deletes messages for customers' servers.</summary>
public sealed class ServerChangeService(ChangeService changes, ChangeReader reader, ServerActions actions)
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
            caller, "message.edited",
            Of(await changes.EditByServerAsync(
                caller.Project, named,
                new EditMessageRequest(request.Data) { Mentions = request.Mentions, MentionsAll = request.MentionsAll }, Numbers(tags))),
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

    /// <summary>The texts that a message had before it was edited, where they were kept.</summary>
    /// <exception cref="VoxException">not_found, message_not_found</exception>
    internal async Task<ServerMessageVersions> ReadVersionsAsync(
        Project project, NamedMessage named, CancellationToken cancellationToken)
    {
        var (message, texts) = await reader.ReadVersionsAsync(project, named, cancellationToken);
        return new ServerMessageVersions(message, [.. texts.Select(text => new ServerMessageVersion(text.Data, text.At))]);
    }

    private static ServerMessageChange Of(ChangeResponse response) =>
        new(response.Conversation, response.Sequence, !response.Duplicate, response.Message);

    /// <summary>Tags that are none of ours match nothing.</summary>
    private static List<long>? Numbers(IReadOnlyList<string>? tags) => tags?
        .Select(tag => long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
        .ToList();
}
