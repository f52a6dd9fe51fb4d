using System.Text.Json.Nodes;

namespace Vox.Platform.OpenApi;

/// <summary>A way in which callers authenticate, as the OpenAPI document describes it (a security scheme object).</summary>
/// <param name="Name">Its name in the document.</param>
/// <param name="Properties">Property names and values, in this order.</param>
internal sealed record ApiSecurity(string Name, params IReadOnlyList<(string Name, string Value)> Properties)
{
    /// <summary>A bearer token in the header <c>Authorization</c>.</summary>
    public static readonly ApiSecurity AccessToken = new("accessToken", ("type", "http"), ("scheme", "bearer"), ("bearerFormat", "JWT"));

    /// <summary>A cookie with this name.</summary>
    public static ApiSecurity Cookie(string name, string cookie) => new(name, ("type", "apiKey"), ("in", "cookie"), ("name", cookie));

    public JsonObject ToJson() => new(Properties.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Name, p.Value)));
}
