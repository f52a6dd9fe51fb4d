using System.Text;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Users;

/// <summary>What a login id and a password may be.</summary>
public sealed class LoginIds(IOptions<UserOptions> options)
{
    /// <summary>
    /// Any text without control characters and halves of surrogate pairs. No blanks around it, because clients trim them.
    /// </summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public string Check(string? loginId, string field)
    {
        var max = options.Value.MaxLoginIdLength;
        return loginId switch
        {
            null or "" => throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field),
            _ when loginId.Length > max || Encoding.UTF8.GetByteCount(loginId) > 2 * max => throw new VoxException(
                Errors.TooLong, $"{field} may have at most {max} characters and {2 * max} bytes in UTF-8.", field),
            _ when loginId.Any(char.IsControl) => throw new VoxException(
                Errors.InvalidField, $"{field} may not contain control characters.", field),
            _ when char.IsWhiteSpace(loginId[0]) || char.IsWhiteSpace(loginId[^1]) => throw new VoxException(
                Errors.InvalidField, $"{field} may not begin or end with a blank.", field),
            _ when !IsText(loginId) => throw new VoxException(
                Errors.InvalidField, $"{field} contains half of a surrogate pair.", field),
            _ => loginId,
        };
    }

    /// <exception cref="VoxException">missing_field, too_long</exception>
    public string CheckPassword(string? password, string field)
    {
        var max = options.Value.MaxPasswordLength;
        return password switch
        {
            null or "" => throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field),
            _ when password.Length > max => throw new VoxException(Errors.TooLong, $"{field} may have at most {max} characters.", field),
            _ when string.IsNullOrWhiteSpace(password) => throw new VoxException(
                Errors.MissingField, $"{field} is missing or blank.", field),
            _ => password,
        };
    }

    /// <summary>Whether such a login id can exist at all. Others are never looked up, because their key might not even be valid.</summary>
    public bool IsPossible(string loginId) =>
        loginId.Length > 0 && loginId.Length <= options.Value.MaxLoginIdLength
        && Encoding.UTF8.GetByteCount(loginId) <= 2 * options.Value.MaxLoginIdLength;

    public static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
