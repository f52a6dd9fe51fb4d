using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Realtime;

/// <summary>Lets a client connect to the SignalR service (any SignalR client: <c>withUrl(base + "/api/v1/realtime?u=…")</c>).</summary>
public sealed class NegotiateFunctions(CallerReader callers, ConnectionTickets tickets, SignalRServices services)
{
    // The user id comes from the query, because the binding needs it before this code runs, and the host fails on a header that is not
    // ASCII. It is not trusted: it must match the user of the access token.
    [Function("Negotiate")]
    [ApiOperation("Realtime", "Address and token of the live channel", Response = typeof(NegotiateResponse), Query = "u")]
    public async Task<IActionResult> Negotiate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/realtime/negotiate")] HttpRequest request,
        [SignalRConnectionInfoInput(
            HubName = RealtimeOptions.Hub, UserId = "{query.u}", ConnectionStringSetting = RealtimeOptions.ConnectionSetting)]
        SignalRConnectionInfo connection,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        if (request.Query["u"].ToString() != RealtimeUser.IdOf(caller.Identity))
        {
            throw new VoxException(Errors.NotYourself, "u must be your own realtimeUser, as the log-in answered it.", "u");
        }

        var (number, url, token) = services.AreSeveral
            ? await AtHomeAsync(RealtimeUser.IdOf(caller.Identity), cancellationToken)
            : (0, connection.Url ?? "", services.All[0].Shorten(connection.AccessToken ?? ""));
        var ticket = await tickets.CreateAsync(caller.Claims with { Service = number }, cancellationToken);
        return WireResults.Json(
            new NegotiateResponse(QueryHelpers.AddQueryString(url, ConnectionTickets.Query, ticket), token),
            RealtimeJson.Wire.NegotiateResponse);
    }

    // The binding knows one service, or picks one of its own list. Neither is the user's.
    private async Task<(int Number, string Url, string Token)> AtHomeAsync(string userId, CancellationToken cancellationToken) =>
        await services.HomeOfAsync(userId, cancellationToken) is { } home
        && await home.NegotiateAsync(userId, cancellationToken) is var (url, token)
            ? (home.Number, url, token)
            : throw new VoxException(Errors.RealtimeUnavailable, "The live channel did not answer: try again shortly.");
}

/// <summary>The form that SignalR clients expect of a redirecting negotiate.</summary>
internal sealed record NegotiateResponse(string Url, string AccessToken);
