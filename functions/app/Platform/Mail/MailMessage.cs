namespace Vox.Platform.Mail;

/// <summary>An e-mail to one person, in both parts.</summary>
public sealed record MailMessage(string To, string Subject, string Text, string Html);
