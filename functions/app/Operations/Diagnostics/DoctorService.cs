using System.Reflection;
using System.Security.Cryptography;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Mail;
using Vox.Platform.SelfChecks;

namespace Vox.Operations.Diagnostics;

/// <summary>What <c>vox doctor</c> asks of the app: its own checks, a project for a try-out of the live channel, a test e-mail.</summary>
public sealed class DoctorService(
    IEnumerable<ISelfCheck> checks, ProjectService projects, UserService users, ProjectRemoval removal, MailOutbox outbox,
    MailSender sender, TimeProvider time)
{
    /// <summary>The name of projects that were made for a try-out. Only these can be removed here.</summary>
    public const string ProbeName = "vox doctor";

    private static readonly string Version =
        typeof(DoctorService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public async Task<ChecksResponse> CheckAsync(CancellationToken cancellationToken)
    {
        var findings = await Task.WhenAll(checks.Select(check => check.CheckAsync(cancellationToken)));
        return new ChecksResponse(Version, time.GetUtcNow(), [.. findings.SelectMany(found => found)]);
    }

    /// <summary>Makes a project with two users, to try out the live channel. The caller removes it afterwards.</summary>
    public async Task<ProbeResponse> BeginProbeAsync(CancellationToken cancellationToken)
    {
        var (project, _) = await projects.CreateAsync(ProbeName, cancellationToken);
        List<ProbeUser> made = [];
        foreach (var name in (string[])["doctor-a", "doctor-b"])
        {
            var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
            await users.CreateUserAsync(project, name, password, cancellationToken);
            made.Add(new ProbeUser(name, password));
        }

        return new ProbeResponse(project.Id, made);
    }

    /// <summary>Removes the project of a try-out. Any other project stays, and so does one that is gone.</summary>
    public async Task EndProbeAsync(string projectId, CancellationToken cancellationToken)
    {
        if (await projects.FindNowAsync(projectId, cancellationToken) is { Name: ProbeName } probe)
        {
            await removal.BeginAsync(probe.Id, cancellationToken);
        }
    }

    /// <summary>Sends an e-mail now, not by the outbox, and says what became of it.</summary>
    /// <exception cref="VoxException">missing_field, invalid_field, mail_unavailable</exception>
    public async Task<MailTestResponse> SendMailAsync(string? email, CancellationToken cancellationToken)
    {
        outbox.CheckAvailable();
        if (string.IsNullOrWhiteSpace(email))
        {
            throw new VoxException(Errors.MissingField, "email is missing.", "email");
        }

        if (!System.Net.Mail.MailAddress.TryCreate(email, out var to) || to.Address != email)
        {
            throw new VoxException(Errors.InvalidField, "This is not an e-mail address, such as name@example.com.", "email");
        }

        try
        {
            await sender.SendAsync(
                MailLayout.Compose(
                    email, "Test e-mail of VoxFunctions", "Hello,", ["This e-mail was asked for by an operator. E-mail works."], null, []),
                cancellationToken);
            return new MailTestResponse(Sent: true, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return new MailTestResponse(Sent: false, MailSelfCheck.Explain(e));
        }
    }
}
