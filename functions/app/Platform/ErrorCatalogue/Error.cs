namespace Vox.Platform.ErrorCatalogue;

/// <summary>An entry of the error catalogue.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What happened, in general, for people.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
public sealed record Error(string Code, int Status, string Title, bool Retryable = false);
