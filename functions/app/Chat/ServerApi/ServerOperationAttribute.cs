using Vox.Platform.OpenApi;

namespace Vox.Chat.ServerApi;

/// <summary>Describes an endpoint that customers' servers call, with an API key.</summary>
/// <param name="tag">The group it is listed under.</param>
/// <param name="summary">One line.</param>
/// <param name="scope">Of <see cref="ApiKeys.ApiScopes"/>.</param>
internal sealed class ServerOperationAttribute(string tag, string summary, string scope) : ApiOperationAttribute(tag, summary)
{
    private static readonly ApiSecurity Key = new(
        "apiKey", ("type", "http"), ("scheme", "bearer"), ("description", "An API key of the project: vox_sk_…"));

    public string Scope { get; } = scope;

    public override ApiSecurity Security => Key;

    public override string? Needs => $"Needs the scope `{Scope}`.";

    /// <summary>Every POST may be repeated with the same key.</summary>
    public override string HeadersOf(string method) => method == "post" ? ("Idempotency-Key? " + Headers).TrimEnd() : Headers;
}
