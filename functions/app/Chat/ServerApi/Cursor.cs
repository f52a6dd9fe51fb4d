using System.Buffers.Text;
using System.Text;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi;

/// <summary>Where a page goes on. Opaque to callers, so that what is in it can change.</summary>
internal static class Cursor
{
    private const int MaxLength = 1_024;

    /// <param name="kind">What is paged: a cursor of something else is refused.</param>
    /// <param name="place">Null for no further page.</param>
    public static string? Create(string kind, string? place) =>
        place is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{kind}\n{place}"));

    /// <returns>Null for the first page.</returns>
    /// <exception cref="VoxException">invalid_field</exception>
    public static string? Read(string kind, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        if (cursor.Length <= MaxLength && Base64Url.IsValid(cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('\n', 2) is [var of, var place] && of == kind)
        {
            return place;
        }

        throw new VoxException(Errors.InvalidField, "cursor must be the next of an earlier answer of this endpoint, unchanged.", "cursor");
    }
}
