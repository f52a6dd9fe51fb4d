using System.Net;
using System.Text;

namespace Vox.Platform.Mail;

/// <summary>Makes the text and the HTML part of an e-mail from the same paragraphs.</summary>
internal static class MailLayout
{
    public static MailMessage Compose(
        string to, string subject, string greeting, string[] before, (string Label, string Link)? action, string[] after)
    {
        var text = new StringBuilder(greeting).Append("\n\n");
        var html = new StringBuilder(
            """<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:#f4f5f7;"""
            + """font:16px/1.5 system-ui,sans-serif;color:#1a1b1e">"""
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
            html.Append(
                $"""<p><a href="{Encode(link)}" style="display:inline-block;background:#1864ab;color:#fff;padding:12px 20px;"""
                + $"""border-radius:6px;text-decoration:none">{Encode(label)}</a></p>""");
            html.Append($"""<p style="font-size:13px;word-break:break-all">{Encode(link)}</p>""");
        }

        foreach (var paragraph in after)
        {
            text.Append(paragraph).Append("\n\n");
            Paragraph(paragraph);
        }

        // A name with line breaks would end the header. MimeKit folds them; this keeps the subject on one line.
        return new MailMessage(to, subject.ReplaceLineEndings(" "), text.ToString(), html.Append("</div></body></html>").ToString());

        void Paragraph(string paragraph) => html.Append("<p>").Append(Encode(paragraph)).Append("</p>");
        static string Encode(string value) => WebUtility.HtmlEncode(value);
    }
}
