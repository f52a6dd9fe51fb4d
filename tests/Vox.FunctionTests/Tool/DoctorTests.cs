using Azure.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;
using Vox.Tests.Security;

namespace Vox.Tests.Tool;

/// <summary>The doctor finds each fault that is provoked here, and says what to do.</summary>
public sealed class DoctorTests(PortalApp portal, Backends backends) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Doctor_HealthyApp_FindsNoErrorAndLeavesNoProjectBehind()
    {
        await using var signalR = await OwnSignalR.StartAsync();
        await using var app = await StartAsync([signalR.Setting, "Billing:Sandbox=", "Files:SetBlobCors=true"]);
        signalR.ReportTo(app);

        var run = await ToolRun.OfAsync(app, "doctor", "--mail", "ops@example.com");

        Assert.True(run.Exit == 0, run.Output + run.Error);
        Assert.DoesNotContain("ERROR", run.Output, StringComparison.Ordinal);
        Assert.Contains("live events to the app: The service's events reach the app.", run.Output, StringComparison.Ordinal);
        Assert.Contains("live messages to users: A message is pushed.", run.Output, StringComparison.Ordinal);
        Assert.Contains("test e-mail: Taken for ops@example.com", run.Output, StringComparison.Ordinal);
        await portal.MailAsync("ops@example.com", "Test e-mail of VoxFunctions");
        var projects = (await ToolRun.OfAsync(app, "projects", "list", "--json")).Json.GetProperty("projects");
        Assert.Empty(projects.EnumerateArray());
    }

    [Theory]
    [InlineData("Mail:Folder=", "ERROR   mail: E-mail is not set up", "VOX_MAIL=true")]
    [InlineData("Mail:Host=127.0.0.1", "ERROR   mail: The sender is no address that others accept", "Set Mail__From")]
    [InlineData("Billing:Sandbox=true", "ERROR   payments: Credits are given for nothing", "Take Billing__Sandbox out")]
    [InlineData("Billing:Sandbox=", "WARNING payments: Nobody can pay", "Set Billing__StripeKey")]
    [InlineData(
        "Portal:BaseUrl=http://chat.example.com", "ERROR   portal address: Links lead to http://chat.example.com/", "https address")]
    [InlineData(
        "Portal:BaseUrl=https://chat.example.com", "WARNING portal address: Links in e-mails lead to chat.example.com", "Portal__BaseUrl")]
    [InlineData("Mail:Hots=mail.example.com", "WARNING settings: The app does not know Mail__Hots", "docs/api.md")]
    [InlineData("Storage:CreateTables=false", "ERROR   storage: Tables of", "deploy infra-bicep")]
    [InlineData("WebhookQueue=No_Queue", "ERROR   queues: The queue of events of webhooks cannot be used", "WebhookQueue has a name")]
    [InlineData("Backup:Account=UseDevelopmentStorage=maybe", "ERROR   backup account: No file can be added", "connection string")]
    [InlineData("WEBSITE_HOSTNAME=chat.example.com", "WARNING backup account: Tables are not backed up", "Backup__Account")]
    [InlineData(
        "AzureSignalRConnectionString=Endpoint=http://127.0.0.1:9;AccessKey=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;Version=1.0;",
        "ERROR   signalr: The SignalR service does not answer", "Check its address and the network")]
    public async Task Doctor_WrongSetting_NamesItAndItsRemedy(string setting, string finding, string remedy)
    {
        await using var app = await StartAsync([setting]);

        var run = await ToolRun.OfAsync(app, "doctor", "--no-live");

        AssertFinding(run, finding, remedy);
        Assert.Equal(run.Output.Contains("ERROR", StringComparison.Ordinal) ? 1 : 0, run.Exit);
    }

    [Fact]
    public async Task Doctor_StorageKeyRenewed_SaysThatTheCredentialsAreRefused()
    {
        var wrong = string.Join(';', backends.StorageConnection.Split(';').Select(part =>
            part.StartsWith("AccountKey=", StringComparison.Ordinal) ? "AccountKey=" + Convert.ToBase64String(new byte[64]) : part));
        await using var app = await StartAsync(["AzureWebJobsStorage=" + wrong]);

        var run = await ToolRun.OfAsync(app, "doctor", "--no-live");

        AssertFinding(run, "ERROR   storage: Tables of devstoreaccount1 cannot be used", "copy the connection string again");
    }

    [Fact]
    public async Task Doctor_StorageOfTheHostRefuses_NamesTheQueuesAndTheSetting()
    {
        var wrong = string.Join(';', backends.StorageConnection.Split(';').Select(part =>
            part.StartsWith("AccountKey=", StringComparison.Ordinal) ? "AccountKey=" + Convert.ToBase64String(new byte[64]) : part));
        await using var app = await StartAsync(
            ["Storage:ConnectionString=" + backends.StorageConnection, "AzureWebJobsStorage=" + wrong, "Backup:Account=" + wrong]);

        var run = await ToolRun.OfAsync(app, "doctor", "--no-live");

        AssertFinding(run, "ERROR   queues: The queue of push messages cannot be used", "AzureWebJobsStorage names");
        AssertFinding(run, "ERROR   backup account: No file can be added", "copy it again");
    }

    [Fact]
    public async Task Doctor_BackupIsOldOrMissing_SaysHowOldAndLeavesNoFileThere()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(
            backends, clock, "Backup:Account=" + backends.StorageConnection, "Backup:IntervalMinutes=1");
        AssertFinding(await ToolRun.OfAsync(app, "doctor", "--no-live"), "WARNING backup: Nothing is backed up yet", "BackUpTables");
        var container = new Azure.Storage.Blobs.BlobContainerClient(backends.StorageConnection, app.TablePrefix + "-backups");
        Assert.Empty(container.GetBlobs());

        await app.Get<Vox.Operations.Backups.BackupExport>().RunAsync(CancellationToken.None);
        var run = await ToolRun.OfAsync(app, "doctor", "--no-live");
        Assert.Contains("backup: Everything until ", run.Output, StringComparison.Ordinal);
        Assert.Contains("backup account: Files can be added.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING backup", run.Output, StringComparison.Ordinal);
        Assert.Contains("(push messages) can be used; 0 wait there.", run.Output, StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromMinutes(40));
        AssertFinding(await ToolRun.OfAsync(app, "doctor", "--no-live"), "WARNING backup: Everything until", "BackUpTables");
    }

    [Fact]
    public async Task Doctor_SignalREventsGoNowhere_SaysThatTheUpstreamIsWrong()
    {
        await using var signalR = await OwnSignalR.StartAsync();
        await using var app = await StartAsync([signalR.Setting]);

        var run = await ToolRun.OfAsync(app, "doctor");

        AssertFinding(run, "ERROR   live events to the app", "signalr-key.sh");
        Assert.Equal(1, run.Exit);
    }

    [Fact]
    public async Task Doctor_SignalRRefusesTheAppsEvents_SaysSo()
    {
        await using var signalR = await OwnSignalR.StartAsync();
        await using var app = await StartAsync([signalR.Setting]);
        signalR.Service.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=wrong").ToString());

        var run = await ToolRun.OfAsync(app, "doctor");

        AssertFinding(run, "ERROR   live", "signalr-key.sh");
    }

    [Fact]
    public async Task Doctor_MailServerThatDoesNotAnswer_SaysWhatToLookAt()
    {
        await using var app = await StartAsync(["Mail:Host=127.0.0.1", "Mail:Port=9", "Mail:From=chat@example.com"]);

        var run = await ToolRun.OfAsync(app, "doctor", "--no-live", "--mail", "ops@example.com");

        AssertFinding(run, "ERROR   test e-mail: The e-mail was not sent", "Mail__Host, Mail__Port and the network");
    }

    [Fact]
    public async Task Doctor_VaultThatRefuses_NamesTheRole()
    {
        await using var vault = await FakeKeyVault.StartAsync();
        var key = vault.Key + "-gone";
        await using var app = await VoxApp.StartAsync(
            backends, ["Security:KeyVaultKey=" + key],
            builder => builder.Services.AddSingleton<TokenCredential>(new FakeKeyVault.Credential()));

        var run = await ToolRun.OfAsync(app, "doctor", "--no-live");

        AssertFinding(run, "ERROR   key vault: The vault's key cannot be used", "Key Vault Crypto Service Encryption User");
    }

    [Fact]
    public async Task Doctor_ClocksApart_SaysWhich()
    {
        await using var app = await StartAsync([]);
        var late = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(10));

        AssertFinding(
            await ToolRun.OfAsync(app.Address, late, "doctor", "--no-live"),
            "WARNING clock: This machine's is 10 minutes ahead of the app's", "NTP");
    }

    [Fact]
    public async Task Doctor_AppWithTheWrongClock_SaysSo()
    {
        await using var app = await VoxApp.StartAsync(backends, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-10)));

        AssertFinding(
            await ToolRun.OfAsync(app, "doctor", "--no-live"),
            "ERROR   clock: The clock of this machine is 10 minutes behind the storage service's.", "Have it set by NTP");
    }

    /// <summary>A proxy that swallows what browsers ask, before an app whose package has no SignalR extension.</summary>
    [Fact]
    public async Task Doctor_WrongOutside_FindsCorsAndTheMissingExtension()
    {
        await using var app = await StartAsync([]);
        await using var proxy = await OutsideService.StartAsync(async http =>
        {
            if (HttpMethods.IsOptions(http.Request.Method) || http.Request.Path.StartsWithSegments("/runtime", StringComparison.Ordinal))
            {
                http.Response.StatusCode = 404;
                return;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Address, http.Request.Path.Value));
            request.Headers.Add("x-functions-key", http.Request.Headers["x-functions-key"].ToString());
            using var response = await app.Http.SendAsync(request);
            http.Response.StatusCode = (int)response.StatusCode;
            await http.Response.WriteAsync(await response.Content.ReadAsStringAsync());
        });

        var run = await ToolRun.OfAsync(new Uri(proxy.Address), null, "doctor", "--no-live");

        AssertFinding(run, "ERROR   CORS of the app", "az functionapp cors remove");
        AssertFinding(run, "ERROR   signalr upstream: The app has no SignalR extension", "SignalRServicePackage=Official");
    }

    [Fact]
    public async Task Doctor_StorageThatLetsNoPageIn_NamesTheRule()
    {
        await using var storage = await OutsideService.StartAsync(http =>
        {
            http.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        using var app = new OperatorTool.AppClient(portal.App.Address, new OperatorTool.MasterKey(new()));
        var checks = new OperatorTool.Doctor.OutsideChecks(app, TimeProvider.System, "https://www.example.com");

        var refused = await checks.CheckBlobCorsAsync(new Uri(storage.Address), CancellationToken.None);

        Assert.Equal("error", refused.Level);
        Assert.Contains("sdkOrigins", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_NothingThere_SaysOnlyThat()
    {
        var run = await ToolRun.OfAsync(new Uri("http://127.0.0.1:9"), null, "doctor");

        AssertFinding(run, "ERROR   reachable: http://127.0.0.1:9/ does not answer", "DNS");
        Assert.Contains("1 checks: 1 errors", run.Output, StringComparison.Ordinal);
    }

    private Task<VoxApp> StartAsync(string[] settings) => portal.StartAsync(settings: settings);

    private static void AssertFinding(ToolRun run, string finding, string remedy)
    {
        var lines = run.Output.Split('\n');
        Assert.True(
            lines.Zip(lines.Skip(1)).Any(pair =>
                pair.First.StartsWith(finding, StringComparison.Ordinal) && pair.Second.Contains(remedy, StringComparison.Ordinal)),
            run.Output + run.Error);
    }
}
