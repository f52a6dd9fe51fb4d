using System.Text.RegularExpressions;
using Vox.Platform.Text;

namespace Vox.Platform.Mail;

/// <summary>
/// A name in an e-mail. Strangers choose names: whoever signs up with somebody else's address, or invites them, would otherwise put a link
/// or an address of their own into a mail that we send.
/// </summary>
internal static partial class MailName
{
    /// <summary>Below it no script is written from right to left.</summary>
    private const char FirstRightToLeft = '\u0590';

    private const string AnyDot = @"[.\u3002\uFF0E\uFF61\u2024]";

    /// <summary>
    /// The name, kept apart from the text around it, whatever its direction. A name that carries an address or a link is left out.
    /// </summary>
    /// <param name="instead">Stands for a name that is left out.</param>
    public static string Of(string name, string instead)
    {
        var shown = Hidden().Replace(name.ReplaceLineEndings(" "), "").Trim();
        if (!VisibleText.IsVisible(shown) || Address().IsMatch(shown))
        {
            return instead;
        }

        return shown.Any(static c => c >= FirstRightToLeft) ? $"\u2068{shown}\u2069" : shown;
    }

    /// <summary>
    /// Direction marks would turn the text behind the name round; other invisible characters would hide a link from the check.
    /// </summary>
    [GeneratedRegex(@"\p{Cf}", RegexOptions.None, 1_000)]
    private static partial Regex Hidden();

    /// <summary>
    /// What mail programs make a link of: an @, a scheme, a host's name with a domain, an IP address. The dots of other scripts count:
    /// browsers take them for dots.
    /// </summary>
    [GeneratedRegex(
        @"[@\uFF20\uFE6B]|[:\uFF1A]\s*[/\\\uFF0F]|\bwww\b|[\p{L}\p{N}]" + AnyDot + @"(xn--|\p{L}\p{M}*\p{L})"
        + @"|\b\d{1,3}(" + AnyDot + @"\d{1,3}){3}\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Address();
}
