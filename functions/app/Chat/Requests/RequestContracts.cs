using System.ComponentModel;
using Vox.Chat.Projects;

namespace Vox.Chat.Requests;

/// <summary>Which requests somebody wants to see. Null: any.</summary>
/// <param name="Api">server or client.</param>
/// <param name="Caller">The API key's id, or the user's login id.</param>
/// <param name="Error">The error's code.</param>
internal sealed record RequestFilter(
    string? Api = null, string? Caller = null, string? Method = null, string? Route = null, bool? Failed = null, string? Error = null)
{
    public bool Matches(ApiRequest request) =>
        (Api is null || request.Api == Api)
        && (Caller is null || request.Caller == Caller)
        && (Method is null || string.Equals(request.Method, Method, StringComparison.OrdinalIgnoreCase))
        && (Route is null || request.Route.Contains(Route, StringComparison.OrdinalIgnoreCase))
        && (Failed is null || request.Status >= 400 == Failed)
        && (Error is null || request.Error == Error);
}

internal sealed record ApiRequestView(
    string Id,
    DateTimeOffset At,
    [property: Description("server or client.")]
    string Api,
    [property: Description("The API key's id, or the user's login id.")]
    string Caller,
    string Method,
    [property: Description("The route's template; ids and queries are not kept.")]
    string Route,
    [property: Description("The HTTP status.")]
    int Status,
    [property: Description("How long it took, in milliseconds.")]
    int Milliseconds,
    [property: Description("Names the request in the records of whoever runs the server.")]
    string RequestId,
    [property: Description("The error's code. Absent for none.")]
    string? Error = null,
    [property: Description("How many requests it stands for, where not all are kept. Absent for one.")]
    int? Of = null)
{
    public static ApiRequestView From(ApiRequest request) => new(
        request.Id, request.At, request.Api, request.Caller, request.Method, "/" + request.Route, request.Status, request.Milliseconds,
        request.RequestId, request.Error.Length > 0 ? request.Error : null, request.Of > 1 ? request.Of : null);
}

internal sealed record ApiRequestPage(
    [property: Description("The newest first.")]
    IReadOnlyList<ApiRequestView> Requests,
    [property: Description("errors, all or none: which requests are kept.")]
    KeptRequests Kept,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page. A page may have fewer than limit, or none.")]
    string? Next);

/// <summary>Which requests of the project are kept.</summary>
internal sealed record KeptRequestsView(
    [property: Description("errors (default), all or none.")]
    KeptRequests? Kept);
