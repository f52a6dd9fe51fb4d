using System.Net;

namespace Vox.Server;

/// <summary>The server has refused a request, or could not do it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The error's code, such as <c>user_not_found</c>: see the documentation of the API.</param>
/// <param name="message">What is wrong, as a sentence.</param>
/// <param name="field">Which field is wrong, or which scope is missing; null for none.</param>
/// <param name="retryable">Whether the same request may succeed later.</param>
public sealed class VoxApiException(HttpStatusCode status, string code, string message, string? field, bool retryable)
    : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The error's code, such as <c>user_not_found</c>.</summary>
    public string Code { get; } = code;

    /// <summary>Which field is wrong, or which scope is missing; null for none.</summary>
    public string? Field { get; } = field;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool Retryable { get; } = retryable;
}
