using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Tests.Portal;

public sealed class DeveloperInputTests
{
    [Theory]
    [InlineData("a@example.com", true)]
    [InlineData("first.last+tag@mail.example.co", true)]
    [InlineData("Ann <a@example.com>", false)]
    [InlineData("a@localhost", false)]
    [InlineData("a b@example.com", false)]
    [InlineData("ä@example.com", false)]
    [InlineData("a@example.com\r\nBcc: b@example.com", false)]
    public void Email_OnlyAPlainAddress_IsTaken(string text, bool taken)
    {
        var code = Code(() => DeveloperInput.Email(text));
        Assert.Equal(taken ? null : "invalid_field", code);
    }

    [Theory]
    [InlineData("+44 20 7946 0018", null, "+442079460018")]
    [InlineData("030 901820", "de", "+4930901820")]
    public void Phone_OfACountry_IsWrittenInOneForm(string text, string? country, string expected) =>
        Assert.Equal(expected, DeveloperInput.Phone(text, country));

    [Theory]
    [InlineData("12345", "de")]
    [InlineData("030 901820", null)]
    [InlineData("call me", "de")]
    public void Phone_NoNumberOfThatCountry_IsRefused(string text, string? country) =>
        Assert.Equal("invalid_field", Code(() => DeveloperInput.Phone(text, country)));

    [Theory]
    [InlineData("correct horse battery", null)]
    [InlineData("short", "weak_password")]
    [InlineData("aaaaaaaaaaaaaaa", "weak_password")]
    [InlineData("passwordpassword1", "weak_password")]
    [InlineData("Ada.Lovelace1", "weak_password")]
    [InlineData("Ada.Lovelace1xyzuvw", null)]
    [InlineData("", "missing_field")]
    public void NewPassword_CommonWordsAndTheOwnName_DoNotCount(string password, string? code) =>
        Assert.Equal(code, Code(() => DeveloperInput.NewPassword(password, "Ada Lovelace", "lovelace@example.com")));

    [Theory]
    [InlineData("  Ada ", null)]
    [InlineData(" ", "missing_field")]
    [InlineData("a\nb", "invalid_field")]
    [InlineData("\u200b", "invalid_field")]
    public void Text_OneVisibleLine_IsTaken(string text, string? code) => Assert.Equal(code, Code(() => DeveloperInput.Text(text, "name")));

    private static string? Code(Func<string> check)
    {
        try
        {
            check();
            return null;
        }
        catch (VoxException e)
        {
            return e.Error.Code;
        }
    }
}
