using System.Net;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>The app with a folder for its e-mails and a clock that tests move.</summary>
public sealed partial class PortalApp(Backends backends) : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "vox-mail-" + Guid.NewGuid().ToString("N"));

    public VoxApp App { get; private set; } = null!;

    private OwnSignalR signalR = null!;

    public async ValueTask InitializeAsync()
    {
        signalR = await OwnSignalR.StartAsync();
        App = await StartAsync(settings: signalR.Setting);
        signalR.ReportTo(App);
    }

    /// <summary>Starts another app. With the prefix of another app it shares that app's tables.</summary>
    public Task<VoxApp> StartAsync(TimeProvider? time = null, string? tablePrefix = null, params IEnumerable<string> settings) =>
        StartAsync(null, time, tablePrefix, settings);

    /// <param name="configure">The last change before the app is built.</param>
    public Task<VoxApp> StartAsync(
        Action<FunctionsApplicationBuilder>? configure, TimeProvider? time = null, string? tablePrefix = null,
        params IEnumerable<string> settings) =>
        VoxApp.StartAsync(
            backends,
            ["Mail:Folder=" + folder, "Billing:Sandbox=true", "Portal:CaptchaWork=1000", "Portal:RequestsPerHour=10000", .. settings],
            builder =>
            {
                if (time is not null)
                {
                    builder.Services.AddSingleton(time);
                }

                configure?.Invoke(builder);
            },
            tablePrefix);

    /// <summary>Names of all tables that the app has used, without the prefix.</summary>
    public async Task<List<string>> TablesAsync()
    {
        var names = new List<string>();
        await foreach (var table in new TableServiceClient(backends.StorageConnection).QueryAsync())
        {
            if (table.Name.StartsWith(App.TablePrefix, StringComparison.Ordinal))
            {
                names.Add(table.Name[App.TablePrefix.Length..]);
            }
        }

        return names;
    }

    /// <summary>A clock at the present time, which then stands until it is moved.</summary>
    public static FakeTimeProvider Clock() => new(TimeProvider.System.GetUtcNow());

    /// <summary>A new browser, at this app or another.</summary>
    public PortalClient NewClient(VoxApp? app = null) => new(app ?? App, this);

    /// <summary>Signs up, activates and signs in a new developer.</summary>
    public async Task<PortalClient> NewDeveloperAsync(VoxApp? app = null, string? email = null)
    {
        var client = NewClient(app);
        await client.RegisterAsync(email ?? NewEmail());
        await client.SignInAsync();
        return client;
    }

    public static string NewEmail() => $"dev-{Guid.NewGuid().ToString("N")[..10]}@example.com";

    /// <summary>The newest e-mail to somebody with these words in its subject, when it has arrived.</summary>
    public async Task<MimeMessage> MailAsync(string to, string subject, int number = 1)
    {
        for (var i = 0; i < 1_200; i++)
        {
            var mails = await MailsAsync(to, subject);
            if (mails.Count >= number)
            {
                return mails[^1];
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"No e-mail “{subject}” to {to} within a minute.");
    }

    public async Task<List<MimeMessage>> MailsAsync(string to, string subject)
    {
        var mails = new List<MimeMessage>();
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml").Order(StringComparer.Ordinal).ToArray() : [])
        {
            var mail = await MimeMessage.LoadAsync(file);
            if (mail.To.Mailboxes.Single().Address == to && mail.Subject?.Contains(subject, StringComparison.Ordinal) == true)
            {
                mails.Add(mail);
            }
        }

        return mails;
    }

    public static string TokenOf(MimeMessage mail) => WebUtility.UrlDecode(Token().Match(mail.TextBody ?? "").Groups[1].Value);

    public static string CodeOf(MimeMessage mail) => Code().Match(mail.TextBody ?? "").Value;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await signalR.DisposeAsync();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"token=(\S+)")]
    private static partial Regex Token();

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Code();
}
