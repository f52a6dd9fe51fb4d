using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Vox.Platform.Mail;

/// <summary>Hands one e-mail to Azure Communication Services or to the SMTP server, or writes it into the folder.</summary>
public sealed class MailSender(IOptions<MailOptions> options, AzureMail azure, TimeProvider time)
{
    public async Task SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        if (options.Value.Endpoint is not null)
        {
            await azure.SendAsync(mail, cancellationToken);
            return;
        }

        using var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = time.GetUtcNow(),
            Body = new BodyBuilder { TextBody = mail.Text, HtmlBody = mail.Html }.ToMessageBody(),
        };
        message.From.Add(MailboxAddress.Parse(options.Value.From));
        message.To.Add(MailboxAddress.Parse(mail.To));

        if (options.Value.IsFolder)
        {
            var folder = options.Value.Folder!;
            Directory.CreateDirectory(folder);
            // Written under another name and then moved, so that whoever watches the folder sees only whole files.
            var name = $"{time.GetUtcNow():yyyyMMdd-HHmmss-fffffff}-{Guid.NewGuid().ToString("N")[..6]}.eml";
            var part = Path.Combine(folder, name + ".part");
            await message.WriteToAsync(part, cancellationToken);
            File.Move(part, Path.Combine(folder, name));
            return;
        }

        using var client = new SmtpClient { Timeout = 20_000 };
        await client.ConnectAsync(
            options.Value.Host!, options.Value.Port,
            options.Value.Port == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls, cancellationToken);
        if (options.Value.User is { Length: > 0 } user)
        {
            await client.AuthenticateAsync(user, options.Value.Password ?? "", cancellationToken);
        }

        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }
}
