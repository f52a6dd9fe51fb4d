using System.Buffers.Text;
using System.Text;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Search;

/// <summary>
/// Where the next page goes on. Opaque to callers. It shows nothing: whoever changes it still finds only what they may see.
/// </summary>
internal static class SearchCursor
{
    private const int MaxLength = 200;

    public static string? Create(SearchPlace? place) =>
        place is { } known ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(known.ToString())) : null;

    /// <exception cref="VoxException">invalid_field</exception>
    public static SearchPlace? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        return cursor.Length <= MaxLength && Base64Url.IsValid(cursor)
            && SearchPlace.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))) is { } place
            ? place
            : throw new VoxException(Errors.InvalidField, "cursor must be the next of an earlier page, unchanged.", "cursor");
    }
}
