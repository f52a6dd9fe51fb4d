using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vox.Tests;

/// <summary>
/// Tests of infra-bicep/scripts, with a stand-in for the Azure CLI, and with an app that is only as good as the package that was deployed.
/// </summary>
public sealed class ScriptTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("vox-scripts-").FullName;
    private WebApplication? app;

    private string Deployed => File.ReadAllText(Path.Combine(folder, "deployed"));

    private string Current => File.ReadAllText(Path.Combine(folder, "releases/current.txt"));

    private string[] Releases => [.. Directory.GetFiles(Path.Combine(folder, "releases"), "*.zip")
        .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts need bash.");
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        await CommandAsync("az", FakeAzureCli.Script);
        await CommandAsync("azd", "#!/bin/sh\necho \"azd $*\" >> \"$FAKE/calls\"\n");

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(Answer);
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("FlexConsumption")]
    [InlineData("Consumption")]
    public async Task Release_OfAWorkingPackage_IsInPlaceAndKept(string hosting)
    {
        var (exit, output) = await RunAsync("release.sh", hosting, Package("works 1"), "20260101-000000-a");

        Assert.True(exit == 0, output);
        Assert.Equal("works 1", Deployed);
        Assert.Equal("20260101-000000-a.zip", Current);
        Assert.Equal(["20260101-000000-a.zip"], Releases);
    }

    [Theory]
    [InlineData("FlexConsumption")]
    [InlineData("Consumption")]
    public async Task Release_OfABrokenPackage_GoesBackAndFails(string hosting)
    {
        await RunAsync("release.sh", hosting, Package("works 1"), "20260101-000000-a");

        var (exit, output) = await RunAsync("release.sh", hosting, Package("broken"), "20260102-000000-b");

        Assert.Equal(1, exit);
        Assert.Contains("going back to 20260101-000000-a.zip", output, StringComparison.Ordinal);
        Assert.Equal("works 1", Deployed);
        Assert.Equal("20260101-000000-a.zip", Current);
    }

    [Fact]
    public async Task Release_OfABrokenPackageAsTheFirst_SaysThatThereIsNoneToGoBackTo()
    {
        var (exit, output) = await RunAsync("release.sh", "FlexConsumption", Package("broken"), "20260101-000000-a");

        Assert.Equal(1, exit);
        Assert.Contains("no earlier release", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_TheTwentyFirst_LetsTheOldestGo()
    {
        for (var day = 1; day <= 20; day++)
        {
            Directory.CreateDirectory(Path.Combine(folder, "releases"));
            await File.WriteAllTextAsync(
                Path.Combine(folder, $"releases/202601{day:00}-000000-x.zip"), "works", TestContext.Current.CancellationToken);
        }

        var (exit, output) = await RunAsync("release.sh", "FlexConsumption", Package("works 21"), "20260121-000000-x");

        Assert.True(exit == 0, output);
        Assert.Equal(20, Releases.Length);
        Assert.Equal("20260102-000000-x.zip", Releases[0]);
    }

    [Fact]
    public async Task Rollback_ToANamedPackage_PutsItInPlace()
    {
        await RunAsync("release.sh", "FlexConsumption", Package("works 1"), "20260101-000000-a");
        await RunAsync("release.sh", "FlexConsumption", Package("works 2"), "20260102-000000-b");

        var (_, list) = await RunAsync("rollback.sh", "FlexConsumption");
        var (exit, output) = await RunAsync("rollback.sh", "FlexConsumption", "20260101-000000-a.zip");

        Assert.Equal("20260102-000000-b.zip\n20260101-000000-a.zip\n", list);
        Assert.True(exit == 0, output);
        Assert.Equal("works 1", Deployed);
        Assert.Equal("20260101-000000-a.zip", Current);
    }

    [Fact]
    public async Task SignalRKey_AfterTheFirstRelease_IsHandedOverOnce()
    {
        var (exit, output) = await RunAsync("signalr-key.sh", "FlexConsumption");
        Assert.Equal(1, exit);
        Assert.Contains("Release one first", output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder, "key"), "k1\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("signalr-key.sh", "FlexConsumption")).Exit);
        Assert.Equal("k1", await File.ReadAllTextAsync(Path.Combine(folder, "secret"), TestContext.Current.CancellationToken));
        Assert.Contains("already", (await RunAsync("signalr-key.sh", "FlexConsumption")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("signalr-key.sh", "FlexConsumption", "--renew")).Exit);
        Assert.Equal("renewed", await File.ReadAllTextAsync(Path.Combine(folder, "secret"), TestContext.Current.CancellationToken));

        // The service may read this secret, and nothing else of the vault.
        Assert.Equal("/subscriptions/s/vaults/vault/secrets/signalr-upstream-key\n", await ReadAsync("role"));
        var calls = await ReadAsync("calls");
        Assert.Contains("--assignee-object-id signalr-identity", calls, StringComparison.Ordinal);
        Assert.Single(calls.Split('\n'), call => call.StartsWith("az role assignment create", StringComparison.Ordinal));

        // Arguments can be seen by others on the machine.
        Assert.DoesNotContain("k1", calls, StringComparison.Ordinal);
    }

    /// <summary>Recovering a vault loses its role assignments.</summary>
    [Fact]
    public async Task SignalRKey_IsThereButTheRoleIsNot_IsSharedAgain()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), "k1\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("signalr-key.sh", "FlexConsumption")).Exit);
        File.Delete(Path.Combine(folder, "role"));

        Assert.Contains("already", (await RunAsync("signalr-key.sh", "FlexConsumption")).Output, StringComparison.Ordinal);

        Assert.True(File.Exists(Path.Combine(folder, "role")));
    }

    [Fact]
    public async Task Scripts_WhileRolesAreNotKnownEverywhere_TryAgain()
    {
        foreach (var part in new[] { "blob", "package", "secret" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "fails-" + part), "1\n2\n3\n", TestContext.Current.CancellationToken);
        }

        var (exit, output) = await RunAsync("release.sh", "FlexConsumption", Package("works 1"), "20260101-000000-a");
        Assert.True(exit == 0, output);
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), "k1\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("signalr-key.sh", "FlexConsumption")).Exit);

        Assert.All(new[] { "blob", "package", "secret" }, part => Assert.Empty(File.ReadAllText(Path.Combine(folder, "fails-" + part))));
        Assert.Equal("works 1", Deployed);
    }

    /// <summary>The Azure CLI has a subscription of its own, the one that was used last.</summary>
    [Fact]
    public async Task Scripts_EveryCall_IsForTheSubscriptionThatWasDeployedTo()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), "k1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "deleted-vaults"), "0\n", TestContext.Current.CancellationToken);
        await RunAsync("release.sh", "FlexConsumption", Package("works 1"), "20260101-000000-a");
        await RunAsync("release.sh", "Consumption", Package("works 2"), "20260102-000000-b");
        await RunAsync("rollback.sh", "FlexConsumption", "20260101-000000-a.zip");
        await RunAsync("signalr-key.sh", "FlexConsumption", "--renew");
        await RunAsync("deleted-vault.sh", "FlexConsumption", "prod", "westeurope");

        var calls = (await ReadAsync("calls")).TrimEnd('\n').Split('\n');
        Assert.True(calls.Length > 20);
        Assert.All(calls, call => Assert.EndsWith(" --subscription subscription-1", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BreakGlass_WithPersonHoursAndReason_AsksForReadingUnlessToldOtherwise()
    {
        string[][] wrong = [["p"], ["p", "9", "incident 4711"], ["p", "2", "short"], ["p", "2", "incident 4711", "all"]];
        foreach (var arguments in wrong)
        {
            Assert.Equal(2, (await RunAsync("break-glass.sh", "FlexConsumption", arguments)).Exit);
        }

        Assert.False(File.Exists(Path.Combine(folder, "calls")));
        Assert.Equal(0, (await RunAsync("break-glass.sh", "FlexConsumption", "p", "2", "incident 4711")).Exit);
        Assert.Equal(
            "VOX_BREAK_GLASS_HOURS=2\nVOX_BREAK_GLASS_PRINCIPAL=p\nVOX_BREAK_GLASS_REASON=incident 4711\nVOX_BREAK_GLASS_WRITE=false\n",
            await ReadAsync("break-glass"));
        Assert.Equal(0, (await RunAsync("break-glass.sh", "FlexConsumption", "p", "2", "incident 4711", "write")).Exit);
        Assert.Contains("VOX_BREAK_GLASS_WRITE=true", await ReadAsync("break-glass"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_FirstDeployment_AsksForWhatIsMissing()
    {
        var (exit, output) = await RunAsync("before.sh", "FlexConsumption");
        Assert.Equal(1, exit);
        Assert.Contains("VOX_ALERT_EMAIL is not set", output, StringComparison.Ordinal);

        // azd asks for the place itself, so the first time there is none yet.
        (exit, output) = await RunAsync("before.sh", "FlexConsumption", [("VOX_ALERT_EMAIL", "a@example.com")]);
        Assert.True(exit == 0, output);
        Assert.Matches(
            @"^azd env set VOX_OPERATOR_EMAIL a@example.com\nazd env set VOX_BUDGET_START \d{4}-\d\d-01\n$", await ReadAsync("calls"));
    }

    [Fact]
    public async Task Before_WithASettingThatSomebodyMadeByHand_StopsInsteadOfRemovingIt()
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "settings"), "A__B\t1\nMail__Host\tsmtp.example.com\n", TestContext.Current.CancellationToken);
        (string, string)[] deployed =
            [("VOX_ALERT_EMAIL", "a@example.com"), ("VOX_BUDGET_START", "2026-01-01"), ("SETTINGS", "A__B=MQ== Mail__From=eA==")];

        var (exit, output) = await RunAsync("before.sh", "FlexConsumption", deployed);
        Assert.Equal(1, exit);
        Assert.Contains("Somebody set by hand: Mail__Host.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("changed", output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("before.sh", "FlexConsumption", [.. deployed, ("VOX_OVERWRITE_SETTINGS", "true")])).Exit);
        // Deployments of before put out the names alone.
        Assert.Equal(0, (await RunAsync("before.sh", "FlexConsumption", [.. deployed[..2], ("SETTINGS", "Mail__Host A__B")])).Exit);
    }

    [Fact]
    public async Task Before_WithASettingWhoseValueSomebodyChangedByHand_StopsInsteadOfUndoingIt()
    {
        const string Host = "Mail__Host=c210cC5leGFtcGxlLmNvbQ==";
        (string, string)[] deployed = [("VOX_ALERT_EMAIL", "a@example.com"), ("VOX_BUDGET_START", "2026-01-01")];
        await File.WriteAllTextAsync(
            Path.Combine(folder, "settings"), "Storage__AccountName\tother\nMail__Host\tsmtp.example.com\nEmpty\t\n",
            TestContext.Current.CancellationToken);

        var (exit, output) = await RunAsync(
            "before.sh", "FlexConsumption", [.. deployed, ("SETTINGS", $"Storage__AccountName=c3R2b3g= {Host} Empty=")]);
        Assert.Equal(1, exit);
        Assert.Contains("Somebody changed by hand: Storage__AccountName.", output, StringComparison.Ordinal);

        (exit, output) = await RunAsync(
            "before.sh", "FlexConsumption", [.. deployed, ("SETTINGS", $"Empty= {Host} Storage__AccountName=b3RoZXI=")]);
        Assert.True(exit == 0, output);
    }

    /// <summary>The hooks of azure.yaml, as azd runs them, from nothing to an app that answers. Only azd's own part is left out.</summary>
    [Fact]
    public async Task AzdUp_OnAFreshEnvironment_AsksBuildsReleasesAndSaysHowToGoOn()
    {
        var checkout = Directory.CreateDirectory(Path.Combine(folder, "checkout")).FullName;
        Directory.Move(Bicep.CopyOf(Bicep.Infrastructure), Path.Combine(checkout, "infra-bicep"));
        await CommandAsync("dotnet", """
            #!/bin/sh
            echo "dotnet $* ($FunctionsHost, $SignalRServicePackage)" >> "$FAKE/calls"
            [ "$1" != run ] || { echo https://chat.example.com/portal/welcome?token=t; exit; }
            mkdir -p out/app/.azurefunctions
            for file in host.json worker.config.json functions.metadata; do touch out/app/$file; done
            echo SignalR > out/app/extensions.json
            """);
        await CommandAsync("zip", "#!/bin/sh\nprintf 'works zip' > ../app.zip\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), "k1\n", TestContext.Current.CancellationToken);
        var yaml = await File.ReadAllLinesAsync(Path.Combine(Bicep.Repository, "azure.yaml"), TestContext.Current.CancellationToken);
        var hooks = yaml.Where(line => line.Trim().StartsWith("run:", StringComparison.Ordinal))
            .Select(line => line.Trim()["run:".Length..].Trim()).ToList();
        Assert.Equal(2, hooks.Count);

        var outputs = new List<string>();
        foreach (var hook in hooks)
        {
            var (exit, output) = await Tool.RunAsync(
                "sh", ["-c", hook], checkout, Variables("FlexConsumption", [("VOX_ALERT_EMAIL", "a@example.com b@example.com")]));
            Assert.True(exit == 0, output);
            outputs.Add(output);
        }

        Assert.Equal("works zip", Deployed);
        Assert.Contains("/portal/welcome?token=t\n", outputs[1], StringComparison.Ordinal);
        Assert.Contains("-- sign-in-link a@example.com --only-new", await ReadAsync("calls"), StringComparison.Ordinal);
        var calls = (await ReadAsync("calls")).Split('\n').Select(call => string.Join(' ', call.Split(' ').Take(4))).ToList();
        string[] order =
        [
            "azd env set VOX_BUDGET_START", "dotnet publish functions/app --configuration", "az storage blob list",
            "az functionapp deployment source", "az functionapp keys list", "az keyvault secret set", "az role assignment create",
            "dotnet run --project " + Path.Combine(checkout, "functions/tool"),
        ];
        Assert.Equal(order.Order(StringComparer.Ordinal), order.Where(calls.Contains).Order(StringComparer.Ordinal));
        Assert.Equal(order, order.OrderBy(call => calls.IndexOf(call)));
        Assert.Contains("(Azure, Official)", await ReadAsync("calls"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "false")]
    [InlineData("1", "true")]
    public async Task Before_AfterTheEnvironmentWasDeleted_BringsItsVaultBack(string found, string recover)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "deleted-vaults"), found + "\n", TestContext.Current.CancellationToken);

        var (exit, output) = await RunAsync(
            "before.sh", "FlexConsumption",
            [
                ("VOX_ALERT_EMAIL", "a@example.com"), ("VOX_BUDGET_START", "2026-01-01"), ("AZURE_LOCATION", "westeurope"),
                ("AZURE_ENV_NAME", "prod"),
            ]);

        Assert.True(exit == 0, output);
        var calls = await ReadAsync("calls");
        Assert.Contains("azd env set VOX_RECOVER_VAULT " + recover, calls, StringComparison.Ordinal);
        Assert.Contains("/resourceGroups/rg-vox-prod/", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("VOX_BUDGET_START", calls, StringComparison.Ordinal);
    }

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken);

    private Task Answer(HttpContext http)
    {
        http.Response.StatusCode = http.Request.Path.Value switch
        {
            "/api/health/ready" => Deployed.StartsWith("works", StringComparison.Ordinal) ? 200 : 503,
            "/api/v1/messages" or "/runtime/webhooks/signalr" => 401,
            _ => 200,
        };
        return Task.CompletedTask;
    }

    private async Task CommandAsync(string name, string script)
    {
        var path = Path.Combine(folder, "bin", name);
        await File.WriteAllTextAsync(path, script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private string Package(string content)
    {
        var path = Path.Combine(folder, "package.zip");
        File.WriteAllText(path, content);
        return path;
    }

    private Task<(int Exit, string Output)> RunAsync(string script, string hosting, params string[] arguments) =>
        RunAsync(script, hosting, [], arguments);

    private Task<(int Exit, string Output)> RunAsync(
        string script, string hosting, (string, string)[] environment, params string[] arguments) => Tool.RunAsync(
        "bash", [Path.Combine(Bicep.Infrastructure, "scripts", script), .. arguments], folder, Variables(hosting, environment));

    /// <summary>The outputs of main.bicep, and the stand-ins first.</summary>
    private IEnumerable<(string, string)> Variables(string hosting, (string, string)[] more) =>
    [
        ("PATH", $"{Path.Combine(folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}"),
        ("FAKE", folder), ("HOSTING", hosting), ("RESOURCE_GROUP", "rg"), ("APP_NAME", "app"), ("STATE_ACCOUNT", "state"),
        ("AZURE_SUBSCRIPTION_ID", "subscription-1"), ("SIGNALR_PRINCIPAL_ID", "signalr-identity"), ("DATA_ACCOUNT", "data"),
        ("VAULT_NAME", "vault"), ("SIGNALR_KEY_NAME", "signalr-upstream-key"), ("SMOKE_SECONDS", "1"), ("RETRY_SECONDS", "0"),
        // Behind Front Door the app's own address refuses everybody.
        ("APP_URL", "http://127.0.0.1:1"),
        ("PUBLIC_URL", app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        .. more,
    ];
}
