using System.Buffers.Text;
using System.Text;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Changes;

/// <summary>Where a list of those who reacted goes on. Opaque to clients.</summary>
internal static class ReactorCursor
{
    private const int MaxLength = 512;

    public static string Create(string row) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(row));

    /// <returns>Null for the first page.</returns>
    /// <exception cref="VoxException">invalid_field</exception>
    public static string? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        // A made-up place only begins the page elsewhere: the end of the range stays.
        return cursor.Length <= MaxLength && Base64Url.IsValid(cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) is ['s', '|', ..] row
            && row.All(static c => c is >= ' ' and <= '~')
            ? row
            : throw new VoxException(
                Errors.InvalidField, "cursor must be the one of an earlier answer of this endpoint, unchanged.", "cursor");
    }
}
