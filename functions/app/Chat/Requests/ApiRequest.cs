namespace Vox.Chat.Requests;

/// <summary>A request to the API as it is kept for people to look at: nothing of its body, its query or its headers.</summary>
/// <param name="Api">server or client.</param>
/// <param name="Caller">The API key's id, or the user's login id.</param>
/// <param name="Route">The route's template: <c>api/v1/groups/{group}</c>.</param>
/// <param name="Error">The error's code; empty for none.</param>
/// <param name="Of">How many requests it stands for: 1, or more where not all are kept.</param>
public sealed record ApiRequest(
    string ProjectId, DateTimeOffset At, string Api, string Caller, string Method, string Route, int Status, int Milliseconds,
    string RequestId, string Error, int Of)
{
    /// <summary>Its key, and its id.</summary>
    public string Id { get; init; } = "";
}
