namespace Vox.Platform.Http;

/// <summary>RFC 9457.</summary>
internal sealed record ProblemDetailsResponse(
    string Type, string Title, int Status, string Detail, string Code, string? Field, bool Retryable);
