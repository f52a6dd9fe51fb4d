using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using MimeKit;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Platform.Mail;

/// <summary>The timer of the outbox, and a page for developers that shows what would have been sent.</summary>
public sealed class MailFunctions(MailOutbox outbox, IOptions<MailOptions> options)
{
    private const int Shown = 50;

    [Function("SendPendingMail")]
    public Task SendPendingMail([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        outbox.ResumeAsync(cancellationToken);

    /// <summary>Answers only where e-mails are files, which is on a developer's machine.</summary>
    [Function("GetDevMail")]
    public async Task<IActionResult> GetDevMail(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portal/dev-mail")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (!options.Value.IsFolder || !IsLocal(request))
        {
            throw new VoxException(Errors.NotFound, "There is nothing at this address.");
        }

        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return WireResults.Text(await PageAsync(cancellationToken), "text/html; charset=utf-8");
    }

    private static bool IsLocal(HttpRequest request) =>
        request.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private async Task<string> PageAsync(CancellationToken cancellationToken)
    {
        var page = new StringBuilder(
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>E-mails (development)</title>
            <meta name="viewport" content="width=device-width">
            <style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:720px;margin:2rem auto;
            """
            + """
            padding:0 1rem;background:Canvas;color:CanvasText}
            pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
            """
            + """
            article{border:1px solid #8886;border-radius:8px;padding:1rem;margin:1rem 0}</style>
            </head><body><h1>E-mails</h1><p>Development only: with an SMTP server configured these are sent instead. Newest first.</p>
            """);
        var folder = new DirectoryInfo(options.Value.Folder!);
        var files = folder.Exists
            ? folder.GetFiles("*.eml").OrderByDescending(f => f.Name, StringComparer.Ordinal).Take(Shown).ToList()
            : [];
        if (files.Count == 0)
        {
            page.Append("<p>None yet.</p>");
        }

        foreach (var file in files)
        {
            using var mail = await MimeMessage.LoadAsync(file.FullName, cancellationToken);
            page.Append(
                $"<article><h2>{Encode(mail.Subject)}</h2><p>To {Encode(mail.To.ToString())}, "
                + $"{mail.Date:yyyy-MM-dd HH:mm:ss} UTC</p><pre>");
            foreach (var word in (mail.TextBody ?? "").Split('\n'))
            {
                var line = word.Trim('\r');
                page.Append(
                    line.StartsWith("http", StringComparison.Ordinal)
                        ? $"<a href=\"{Encode(line)}\">{Encode(line)}</a>"
                        : Encode(line))
                    .Append('\n');
            }

            page.Append("</pre></article>");
        }

        return page.Append("</body></html>").ToString();
    }

    private static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");
}
