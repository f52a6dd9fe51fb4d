using System.Net.Mail;
using PhoneNumbers;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Text;

namespace Vox.Portal.Accounts;

/// <summary>Checks of what people type into the portal's forms.</summary>
internal static class DeveloperInput
{
    private const int MinPassword = 10;
    private const int MaxPassword = 256;

    private static readonly string[] Common =
    [
        "password", "passwort", "qwerty", "qwertz", "letmein", "welcome", "iloveyou", "admin", "12345", "abc123", "1q2w3e", "monkey",
        "dragon", "secret", "football",
    ];

    /// <summary>One line of text, without the blanks around it.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public static string Text(string? value, string field, int max = 100, bool required = true)
    {
        var text = value?.Trim() ?? "";
        return text switch
        {
            "" when required => throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field),
            _ when text.Length > max => throw new VoxException(Errors.TooLong, $"{field} may have at most {max} characters.", field),
            _ when text.Any(char.IsControl) || !LoginIds.IsText(text) => throw new VoxException(
                Errors.InvalidField, $"{field} may not contain control characters.", field),
            { Length: > 0 } when !VisibleText.IsVisible(text) => throw new VoxException(
                Errors.InvalidField, $"{field} has no visible character.", field),
            _ => text,
        };
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public static string Email(string? value, string field = "email")
    {
        var text = Text(value, field, 254);
        return MailAddress.TryCreate(text, out var address) && address.Address == text && text.All(char.IsAscii)
            && address.Host.Contains('.', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace)
            ? text
            : throw new VoxException(Errors.InvalidField, "This is not an e-mail address, such as name@example.com.", field);
    }

    /// <returns>E.164: <c>+442079460018</c>.</returns>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public static string Phone(string? value, string? country)
    {
        var text = Text(value, "phone", 40);
        var numbers = PhoneNumberUtil.GetInstance();
        try
        {
            var number = numbers.Parse(text, country is { Length: 2 } ? country.ToUpperInvariant() : null);
            if (numbers.IsValidNumber(number))
            {
                return numbers.Format(number, PhoneNumberFormat.E164);
            }
        }
        catch (NumberParseException)
        {
            // Refused below, as a number that is not valid.
        }

        throw new VoxException(
            Errors.InvalidField, "This is not a phone number of that country: give it with the country's code, such as +44 20 7946 0018.",
            "phone");
    }

    /// <summary>A password that is long enough, and neither common nor made of the person's own name.</summary>
    /// <exception cref="VoxException">missing_field, too_long, weak_password</exception>
    public static string NewPassword(string? password, params ReadOnlySpan<string> own)
    {
        if (string.IsNullOrEmpty(password))
        {
            throw new VoxException(Errors.MissingField, "password is missing.", "password");
        }

        if (password.Length > MaxPassword)
        {
            throw new VoxException(Errors.TooLong, $"password may have at most {MaxPassword} characters.", "password");
        }

        if (password.Length < MinPassword)
        {
            throw Weak($"Use at least {MinPassword} characters.");
        }

        if (password.Distinct().Count() < 6)
        {
            throw Weak("Use more different characters.");
        }

        // The password has to be strong without the common words and names in it.
        var rest = password;
        foreach (var word in Common)
        {
            rest = rest.Replace(word, "", StringComparison.OrdinalIgnoreCase);
        }

        foreach (var word in own)
        {
            foreach (var part in word.Split(' ', '@', '.'))
            {
                rest = part.Length >= 4 ? rest.Replace(part, "", StringComparison.OrdinalIgnoreCase) : rest;
            }
        }

        return rest.Length >= 6 ? password : throw Weak("It is made of a common word, your name or your e-mail address.");
    }

    private static VoxException Weak(string why) => new(Errors.WeakPassword, "This password is too easy to guess. " + why, "password");
}
