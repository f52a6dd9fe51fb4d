namespace Vox.Platform.ErrorCatalogue;

/// <summary>An error for the caller. <see cref="Exception.Message"/> is a sentence that says what to do; it is sent as it is.</summary>
/// <param name="retryAfter">When to try again, for an error that is <see cref="Error.Retryable"/>. Default one second.</param>
public sealed class VoxException(Error error, string detail, string? field = null, Exception? inner = null, TimeSpan? retryAfter = null)
    : Exception(detail, inner)
{
    public Error Error { get; } = error;

    /// <summary>The field at fault, named as in the request.</summary>
    public string? Field { get; } = field;

    public TimeSpan RetryAfter { get; } = retryAfter ?? TimeSpan.FromSeconds(1);
}
