using Vox.Platform.Mail;
using Vox.Portal.Accounts;

namespace Vox.Tests.Mail;

/// <summary>What a stranger's name can do to a mail that we send.</summary>
public sealed class MailNameTests
{
    [Theory]
    [InlineData("Win at https://evil.example/now")]
    [InlineData("evil.example")]
    [InlineData("www evil")]
    [InlineData("call me@evil.example")]
    [InlineData("evil\u200b.exam\u00adple")]
    [InlineData("evil。example")]
    [InlineData("evil．example")]
    [InlineData("10.11.12.13")]
    [InlineData("javascript:/x")]
    [InlineData("münchen.рф")]
    [InlineData("\u202e\u2066")]
    public void Mail_NameWithAnAddressOrALink_GoesWithoutTheName(string name)
    {
        var invitation = MailTemplates.Invitation("bob@example.com", name, name, "admin", "https://vox.example/i");
        var hello = MailTemplates.Activation("bob@example.com", name, "https://vox.example/a");
        var balance = MailTemplates.LowBalance("bob@example.com", name, "0 €", "https://vox.example/c");

        foreach (var mail in new[] { invitation, hello, balance })
        {
            Assert.DoesNotContain(name, mail.Text + mail.Html + mail.Subject, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", mail.Text + mail.Html + mail.Subject, StringComparison.Ordinal);
        }

        Assert.StartsWith("Hello,\n", hello.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("Dr. J. R. Smith", "Dr. J. R. Smith")]
    [InlineData("Shop 2.0", "Shop 2.0")]
    [InlineData("Zoë: her shop", "Zoë: her shop")]
    [InlineData("שלום", "\u2068שלום\u2069")]
    [InlineData("\u202eturned", "turned")]
    [InlineData("漢\u2069字", "\u2068漢字\u2069")]
    public void Mail_HarmlessName_IsShownApartFromTheTextAroundIt(string name, string shown) =>
        Assert.Equal(shown, MailName.Of(name, "somebody"));
}
