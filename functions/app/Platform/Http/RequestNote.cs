using Microsoft.AspNetCore.Http;

namespace Vox.Platform.Http;

/// <summary>Whose request it is, noted by whoever finds out, for whoever keeps a record of requests.</summary>
/// <param name="ProjectId">The caller has shown that they belong to it.</param>
/// <param name="Api">server or client.</param>
/// <param name="Caller">The API key's id, or the user's login id.</param>
internal sealed record RequestNote(string ProjectId, string Api, string Caller)
{
    private static readonly object Key = new();

    public static void Set(HttpRequest request, string projectId, string api, string caller) =>
        request.HttpContext.Items[Key] = new RequestNote(projectId, api, caller);

    /// <returns>Null when nobody knows.</returns>
    public static RequestNote? Of(HttpContext context) => context.Items[Key] as RequestNote;
}
