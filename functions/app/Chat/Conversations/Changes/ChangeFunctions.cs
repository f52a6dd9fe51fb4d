using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations.Changes;

/// <summary>Lets clients change messages that were sent, and learn of the changes of others.</summary>
public sealed class ChangeFunctions(
    CallerReader callers, ChangeService changes, ChangeReader reader, PersonalService personal, RequestBody body)
{
    private const string Message = "api/v1/conversations/{conversation}/messages/{sequence}";

    /// <summary>What changes without a body may say of themselves.</summary>
    private const string OfChange = "clientChangeId? tip?";

    [Function("EditMessage")]
    [ApiOperation("Changes of messages", "Edit a text", Request = typeof(EditMessageRequest), Response = typeof(ChangeResponse),
        Description = "Only its author may, and only for as long as the project's settings say: a day, unless they say otherwise.")]
    public async Task<IActionResult> EditMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Message)] HttpRequest request, string conversation, string sequence,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var edit = await body.ReadJsonAsync(request, ChangeJson.Wire.EditMessageRequest, cancellationToken);
        return Changed(await changes.EditAsync(caller, new(conversation, sequence), edit, cancellationToken));
    }

    [Function("DeleteMessage")]
    [ApiOperation("Changes of messages", "Delete a message for everyone", Response = typeof(ChangeResponse),
        Query = "for? clientChangeId? tip?",
        Description = "Its author may for as long as the project's settings say; in a group admins and the owner always may. "
            + "Text, file and earlier texts are gone; the place in the conversation stays. "
            + "With for=me the message is deleted for the caller only; the answer is then that of PATCH …/settings.")]
    public async Task<IActionResult> DeleteMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Message)] HttpRequest request, string conversation, string sequence,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        if (fields["for"] == "me")
        {
            var settings = await personal.HideAsync(caller, conversation, ChangeService.Sequence(sequence), cancellationToken);
            return WireResults.Json(settings, PersonalJson.Wire.ConversationSettings);
        }

        if (fields["for"] is not (null or "" or "everyone"))
        {
            throw new VoxException(Errors.InvalidField, "for must be everyone or me.", "for");
        }

        return Changed(await changes.DeleteAsync(
            caller, new(conversation, sequence), fields["clientChangeId"], fields["tip"]));
    }

    [Function("AddReaction")]
    [ApiOperation("Changes of messages", "React with an emoji", Request = typeof(ReactionRequest), Response = typeof(ChangeResponse),
        Description = "A user can react with several emojis. A message has reactions of at most 20 kinds.")]
    public async Task<IActionResult> AddReaction(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Message + "/reactions")] HttpRequest request, string conversation,
        string sequence, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, ChangeJson.Wire.ReactionRequest, cancellationToken);
        return Changed(await changes.ReactAsync(
            caller, new(conversation, sequence), wanted.Emoji, true, wanted.ClientChangeId, wanted.Tip));
    }

    [Function("RemoveReaction")]
    [ApiOperation("Changes of messages", "Take a reaction back", Response = typeof(ChangeResponse), Query = "emoji " + OfChange)]
    public async Task<IActionResult> RemoveReaction(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Message + "/reactions")] HttpRequest request, string conversation,
        string sequence, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        return Changed(await changes.ReactAsync(
            caller, new(conversation, sequence), fields["emoji"], false, fields["clientChangeId"], fields["tip"]));
    }

    [Function("GetReactions")]
    [ApiOperation("Changes of messages", "Who reacted to a message", Response = typeof(ReactorPage),
        Query = "emoji? cursor? size:integer?")]
    public async Task<IActionResult> GetReactions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Message + "/reactions")] HttpRequest request, string conversation,
        string sequence, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var emoji = fields["emoji"] is { Length: > 0 } wanted ? Emoji.Check(wanted) : null;
        var (reactors, isOver) = await reader.ReadReactorsAsync(
            caller, new(conversation, sequence), emoji, ReactorCursor.Read(fields["cursor"]),
            fields.Number("size", 1, ChangeReader.MaxPage, 100), cancellationToken);
        var page = new ReactorPage(
            reactors.ConvertAll(ReactorView.Of), isOver ? null : ReactorCursor.Create(reactors[^1].Row));
        return WireResults.Json(page, ChangeJson.Wire.ReactorPage);
    }

    [Function("PinMessage")]
    [ApiOperation("Changes of messages", "Pin a message", Response = typeof(ChangeResponse), Query = OfChange,
        Description = "In a group admins and the owner may; between two users both. A conversation has at most 50 pinned messages.")]
    public Task<IActionResult> PinMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Message + "/pin")] HttpRequest request, string conversation,
        string sequence, CancellationToken cancellationToken) => PinAsync(request, new(conversation, sequence), true, cancellationToken);

    [Function("UnpinMessage")]
    [ApiOperation("Changes of messages", "Unpin a message", Response = typeof(ChangeResponse), Query = OfChange)]
    public Task<IActionResult> UnpinMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Message + "/pin")] HttpRequest request, string conversation,
        string sequence, CancellationToken cancellationToken) => PinAsync(request, new(conversation, sequence), false, cancellationToken);

    [Function("GetPins")]
    [ApiOperation("Changes of messages", "The pinned messages, newest pin first", Response = typeof(PinPage))]
    public async Task<IActionResult> GetPins(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/conversations/{conversation}/pins")] HttpRequest request,
        string conversation, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return WireResults.Json(await reader.ReadPinsAsync(caller, conversation, cancellationToken), ChangeJson.Wire.PinPage);
    }

    [Function("GetChanges")]
    [ApiOperation("Changes of messages", "Messages that have changed after a change that the client knows",
        Response = typeof(ChangePage), Query = "after:integer? size:integer?")]
    public async Task<IActionResult> GetChanges(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/conversations/{conversation}/changes")] HttpRequest request,
        string conversation, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await reader.ReadAsync(
            caller, conversation, fields.Number("after", 0, int.MaxValue, 0), fields.Number("size", 1, ChangeReader.MaxPage, 100),
            cancellationToken);
        return WireResults.Json(page, ChangeJson.Wire.ChangePage);
    }

    private async Task<IActionResult> PinAsync(
        HttpRequest request, NamedMessage named, bool present, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        return Changed(await changes.PinAsync(caller, named, present, fields["clientChangeId"], fields["tip"]));
    }

    private static IActionResult Changed(ChangeResponse changed) => WireResults.Json(changed, ChangeJson.Wire.ChangeResponse);
}
