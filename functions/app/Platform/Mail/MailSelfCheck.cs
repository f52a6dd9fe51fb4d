using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Mail;

/// <summary>Whether e-mail is set up, and whether e-mails wait. Only a test e-mail shows that one arrives.</summary>
internal sealed class MailSelfCheck(MailOutbox outbox, IOptions<MailOptions> options) : ISelfCheck
{
    private const string Name = "mail";

    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsConfigured)
        {
            return
            [
                new Finding(
                    Name, FindingLevel.Error, "E-mail is not set up: people can neither sign up nor sign in without an authenticator app.",
                    "Deploy with mail (VOX_MAIL=true), or set Mail__Host and the other Mail__… settings of an SMTP server."),
            ];
        }

        if (options.Value.IsFolder)
        {
            return
            [
                new Finding(
                    Name, FindingLevel.Warning, "E-mails are written to a folder, not sent.", "Set Mail__Endpoint or Mail__Host."),
            ];
        }

        List<Finding> findings = [];
        if (!MailboxAddress.TryParse(options.Value.From, out var from)
            || from.Address.EndsWith("@localhost", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(new Finding(
                Name, FindingLevel.Error, "The sender is no address that others accept.", "Set Mail__From to an address of your domain."));
        }

        if (await WaitingAsync(cancellationToken) is > 0 and var waiting)
        {
            findings.Add(new Finding(
                Name, FindingLevel.Warning, $"{waiting} {(waiting == 1 ? "e-mail waits" : "e-mails wait")} for more than a minute.",
                "Send a test e-mail (vox doctor --mail ADDRESS) to see why; event 8000 in the log has each failure."));
        }

        return findings.Count > 0 ? findings : [new Finding(Name, FindingLevel.Ok, "Set up, and nothing waits.")];
    }

    /// <summary>What kept an e-mail from being sent, for whoever runs the app.</summary>
    public static string Explain(Exception exception) => exception switch
    {
        AuthenticationException => "The mail server refuses the user or the password: see Mail__User and Mail__Password.",
        SslHandshakeException =>
            "The mail server's TLS cannot be used: see Mail__Port (587 for STARTTLS, 465 for TLS), and its certificate.",
        MailKit.Net.Smtp.SmtpCommandException e =>
            $"The mail server refuses the e-mail with {(int)e.StatusCode}: see Mail__From and the address.",
        System.Net.Sockets.SocketException or TimeoutException or OperationCanceledException =>
            "The mail server does not answer: see Mail__Host, Mail__Port and the network.",
        HttpRequestException { StatusCode: System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.Unauthorized } =>
            "The e-mail service refuses the app's identity: give it the role that infra-bicep/modules/rbac.bicep assigns.",
        HttpRequestException { StatusCode: { } status } => $"The e-mail service answers {(int)status}: see Mail__From and the address.",
        HttpRequestException => "The e-mail service does not answer: see Mail__Endpoint.",
        Security.NoIdentityException => "This process has no usable identity: assign one to the app and set AZURE_CLIENT_ID to it.",
        _ => $"The e-mail could not be sent ({exception.GetType().Name}): see the Mail__… settings.",
    };

    /// <summary>Storage has a finding of its own.</summary>
    private async Task<int> WaitingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await outbox.CountWaitingAsync(cancellationToken);
        }
        catch (Exception e) when (Storage.StorageFailure.IsAny(e))
        {
            return 0;
        }
    }
}
