using System.Net;
using System.Text;

namespace Vox.Mail;

/// <summary>Every e-mail that we send, in one place. Written once; the text and the HTML part are made from the same paragraphs.</summary>
public static class MailTemplates
{
    public static MailMessage Activation(string to, string name, string link) => Compose(
        to, "Activate your Vox account", $"Hello {name},", ["Welcome to Vox. Please confirm your e-mail address to activate your account:"],
        ("Activate account", link), ["The link is good once and for 24 hours. If you did not sign up, ignore this e-mail: nothing happens then."]);

    public static MailMessage AlreadyRegistered(string to, string name, string link) => Compose(
        to, "You have a Vox account already", $"Hello {name},",
        ["Somebody, probably you, tried to sign up with this e-mail address, for which there is an account. If you have forgotten the password, set a new one:"],
        ("Forgot password", link), ["If it was not you, ignore this e-mail: nothing has changed."]);

    public static MailMessage SignInCode(string to, string name, string code) => Compose(
        to, $"{code} is your Vox sign-in code", $"Hello {name},", ["Your sign-in code is", code], null,
        ["It is good for 10 minutes. Nobody at Vox will ask you for it. If you are not signing in, somebody knows your password: change it."]);

    public static MailMessage ResetPassword(string to, string name, string link) => Compose(
        to, "Set a new password for Vox", $"Hello {name},", ["Follow this link to set a new password:"], ("Set a new password", link),
        ["The link is good once and for an hour. If you did not ask for it, ignore this e-mail: your password stays as it is."]);

    public static MailMessage PasswordChanged(string to, string name, string link) => Compose(
        to, "Your Vox password was changed", $"Hello {name},",
        ["The password of your account was changed just now, and all other sessions were signed out. If it was not you, set a new one at once:"],
        ("Forgot password", link), []);

    public static MailMessage Invitation(string to, string inviter, string project, string role, string link) => Compose(
        to, $"{inviter} invites you to {project}", "Hello,", [$"{inviter} invites you to work on the project “{project}” on Vox as {role}."],
        ("Accept the invitation", link), ["The link is good once and for 7 days. Sign in, or sign up, with this e-mail address."]);

    public static MailMessage LowBalance(string to, string project, string balance, string link) => Compose(
        to, $"Credits of {project} are running low", "Hello,", [$"The balance of the project “{project}” is {balance}."], ("Add credits", link), []);

    private static MailMessage Compose(
        string to, string subject, string greeting, string[] before, (string Label, string Link)? action, string[] after)
    {
        var text = new StringBuilder(greeting).Append("\n\n");
        var html = new StringBuilder(
            """<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:#f4f5f7;font:16px/1.5 system-ui,sans-serif;color:#1a1b1e">"""
            + """<div style="max-width:560px;margin:0 auto;background:#fff;padding:32px;border-radius:8px">""");
        Paragraph(greeting);
        foreach (var paragraph in before)
        {
            text.Append(paragraph).Append("\n\n");
            Paragraph(paragraph);
        }

        if (action is var (label, link))
        {
            text.Append(link).Append("\n\n");
            html.Append($"""<p><a href="{Encode(link)}" style="display:inline-block;background:#1864ab;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none">{Encode(label)}</a></p>""");
            html.Append($"""<p style="font-size:13px;word-break:break-all">{Encode(link)}</p>""");
        }

        foreach (var paragraph in after)
        {
            text.Append(paragraph).Append("\n\n");
            Paragraph(paragraph);
        }

        // A name with line breaks would end the header; MimeKit folds, and this keeps the subject one line.
        return new MailMessage(to, subject.ReplaceLineEndings(" "), text.ToString(), html.Append("</div></body></html>").ToString());

        void Paragraph(string paragraph) => html.Append("<p>").Append(Encode(paragraph)).Append("</p>");
        static string Encode(string value) => WebUtility.HtmlEncode(value);
    }
}
