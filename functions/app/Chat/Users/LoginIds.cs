using System.Text;
using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Text;

namespace Vox.Chat.Users;

/// <summary>
/// What a login id and a password may be. Every door takes them through here, so that what one door accepts, every other one finds again.
/// </summary>
public sealed class LoginIds(IOptions<UserOptions> options)
{
    /// <summary>
    /// The form in which login ids and passwords are stored and compared: without blanks around them, and composed (NFC). One keyboard
    /// writes é as one character and another as two; nobody sees the difference.
    /// </summary>
    public static string Canonical(string text) => CanonicalText.Compose(text.Trim());

    /// <summary>Any text without control characters and halves of surrogate pairs, in its canonical form.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public string Check(string? loginId, string field)
    {
        var max = options.Value.MaxLoginIdLength;
        return Canonical(loginId ?? "") switch
        {
            "" => throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field),
            var id when id.Length > max || Encoding.UTF8.GetByteCount(id) > 2 * max => throw new VoxException(
                Errors.TooLong, $"{field} may have at most {max} characters and {2 * max} bytes in UTF-8.", field),
            var id when id.Any(char.IsControl) => throw new VoxException(
                Errors.InvalidField, $"{field} may not contain control characters.", field),
            var id when !IsText(id) => throw new VoxException(
                Errors.InvalidField, $"{field} contains half of a surrogate pair.", field),
            var id => id,
        };
    }

    /// <summary>
    /// A login id that a new user may have. Not one that looks like a group's id: whoever names such an id means the group. And something
    /// of it must be visible.
    /// </summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public string CheckNew(string? loginId, string field)
    {
        var id = Check(loginId, field);
        if (ConversationKey.IsGroupId(id))
        {
            throw new VoxException(Errors.InvalidField, $"{field} looks like the id of a group: choose another one.", field);
        }

        if (Erased.IsPseudonym(id))
        {
            throw new VoxException(
                Errors.InvalidField, $"{field} looks like the name of somebody who was erased: choose another one.", field);
        }

        return VisibleText.IsVisible(id)
            ? id
            : throw new VoxException(Errors.InvalidField, $"{field} has no visible character: choose another one.", field);
    }

    /// <summary>A new password in its canonical form.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public string CheckPassword(Project project, string? password, string field)
    {
        var max = options.Value.MaxPasswordLength;
        return Canonical(password ?? "") switch
        {
            "" => throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field),
            { Length: var length } when length > max => throw new VoxException(
                Errors.TooLong, $"{field} may have at most {max} characters.", field),
            { Length: var length } when length < project.MinPasswordLength => throw new VoxException(
                Errors.InvalidField, $"{field} must have at least {project.MinPasswordLength} characters in this project.", field),
            var text => text,
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
