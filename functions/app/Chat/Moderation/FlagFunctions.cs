using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Moderation;

/// <summary>Lets users tell moderators of messages and of other users.</summary>
public sealed class FlagFunctions(CallerReader callers, FlagService flags, RequestBody body)
{
    [Function("Flag")]
    [ApiOperation("Moderation", "Flag a message or a user for moderators", Request = typeof(FlagRequest), Response = typeof(FlagAnswer),
        Description = "Name either a message that you see, by conversation and sequence, or a user. Only moderators learn of it. "
            + "A user can flag 50 times a day, and each message once; a user again when moderators have decided about them.")]
    public async Task<IActionResult> Flag(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/flags")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, FlagJson.Wire.FlagRequest, cancellationToken);
        return WireResults.Json(await flags.AddAsync(caller, wanted, cancellationToken), FlagJson.Wire.FlagAnswer);
    }
}
