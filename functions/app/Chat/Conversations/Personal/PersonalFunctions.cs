using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations.Personal;

/// <summary>What users set for themselves in their conversations. Nobody else learns of it.</summary>
public sealed class PersonalFunctions(CallerReader callers, PersonalService personal, RequestBody body)
{
    [Function("ChangeConversationSettings")]
    [ApiOperation("Conversations", "Mute, archive, mark as favourite or as unread, for oneself", Request = typeof(SettingsRequest),
        Response = typeof(ConversationSettings), Description = "On all of the caller's devices. The other members do not learn of it.")]
    public async Task<IActionResult> ChangeConversationSettings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/v1/conversations/{conversation}/settings")] HttpRequest request,
        string conversation, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, PersonalJson.Wire.SettingsRequest, cancellationToken);
        return Of(await personal.ChangeAsync(caller, conversation, wanted, cancellationToken));
    }

    [Function("ClearConversation")]
    [ApiOperation("Conversations", "Delete the history up to now, for oneself", Response = typeof(ConversationSettings),
        Description = "The other members keep it. The conversation is in the list again from the next message on.")]
    public async Task<IActionResult> ClearConversation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/conversations/{conversation}/clear")] HttpRequest request,
        string conversation, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return Of(await personal.ClearAsync(caller, conversation, cancellationToken));
    }

    private static IActionResult Of(ConversationSettings settings) =>
        WireResults.Json(settings, PersonalJson.Wire.ConversationSettings);
}
