using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Mail;

/// <summary>
/// Sends e-mail. Section <c>Mail</c>. With no endpoint, host or folder, endpoints that need e-mail answer mail_unavailable.
/// </summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>
    /// Address of an Azure Communication Services resource, which sends with the app's identity:
    /// <c>https://NAME.europe.communication.azure.com</c>. If it is set, <see cref="Host"/> is not used. The deployment sets it.
    /// Default: none.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>SMTP server, such as <c>smtp.azurecomm.net</c>. Default: none.</summary>
    public string? Host { get; set; }

    /// <summary>The server's port. STARTTLS is required except on 465 (TLS from the start). Default 587.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>Sender. Default <c>Vox &lt;no-reply@localhost&gt;</c>.</summary>
    [StringLength(320, MinimumLength = 3)]
    public string From { get; set; } = "Vox <no-reply@localhost>";

    /// <summary>Folder for e-mails as .eml files when there is no host; <c>.local/mail</c> on local start. For development only.</summary>
    public string? Folder { get; set; }

    public bool IsFolder => Endpoint is null && string.IsNullOrEmpty(Host) && !string.IsNullOrEmpty(Folder);

    public bool IsConfigured => Endpoint is not null || !string.IsNullOrEmpty(Host) || IsFolder;
}
