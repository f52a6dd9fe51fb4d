using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi;

/// <summary>Conditional changes (RFC 9110, 13.1.1).</summary>
internal static class ETags
{
    /// <returns>The tags of the header If-Match, with their quotes; null when there is none, or it matches whatever there is.</returns>
    /// <exception cref="VoxException">invalid_field</exception>
    public static IReadOnlyList<string>? IfMatch(HttpRequest request)
    {
        var values = request.Headers.IfMatch;
        if (values.Count == 0)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList([.. values.Select(value => value ?? "")], out var tags) || tags.Count == 0)
        {
            throw new VoxException(Errors.InvalidField, "If-Match must have an ETag as an answer gave it, with its quotes.", "If-Match");
        }

        // Only strong tags count here: a weak one says that something is equivalent, not that it is the same.
        return tags.Contains(EntityTagHeaderValue.Any) ? null : [.. tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString())];
    }

    public static VoxException Changed() =>
        new(Errors.PreconditionFailed, "This has changed since it was read: read it again and decide anew.", "If-Match");
}
