namespace Vox.Tests;

public sealed class DeploymentTests
{
    private static readonly (string, string)[] Deployer = [("VOX_DEPLOYER_ID", SecurityRules.Deployer), ("VOX_BUDGET_START", "2026-01-01")];

    private static readonly (string, string)[] Everything =
    [
        ("AZURE_ENV_NAME", "pr-17"), ("AZURE_PRINCIPAL_ID", SecurityRules.Deployer), ("VOX_HOSTING", "Consumption"),
        ("VOX_FRONT_DOOR", "true"),
        ("VOX_DOMAIN", "chat.example.com"), ("VOX_BUDGET_START", "2026-01-01"),
    ];

    [Fact]
    public async Task Compile_EveryFile_WithoutAnyWarning()
    {
        var (exit, output) = await Bicep.RunAsync(Bicep.Infrastructure, [], "lint", "--pattern", "./**/*.bicep");
        Assert.True(exit == 0 && output.Trim() is "", output);

        // The parameter files and, through them, main.bicep with what it computes.
        foreach (var parameters in new[] { "dev.bicepparam", "prod.bicepparam", "main.bicepparam" })
        {
            Assert.Empty((await Bicep.PredictAsync(Bicep.Infrastructure, parameters)).Output.Trim());
        }
    }

    [Fact]
    public async Task Deploy_EveryParameterFile_KeepsTheSecurityRules()
    {
        Assert.Empty(SecurityRules.Broken(await Bicep.PredictAsync(Bicep.Infrastructure, "dev.bicepparam", Deployer)));
        Assert.Empty(SecurityRules.Broken(await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam", Deployer)));
        Assert.Empty(SecurityRules.Broken(await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", Everything)));
    }

    /// <summary>What somebody might change in a module, and the sentence that must result from it.</summary>
    private static readonly (string File, string Secure, string Insecure, string Expected)[] InsecureChanges =
    [
        ("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "takes shared keys"),
        ("modules/storage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", "allows public blobs"),
        ("modules/storage.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'", "is public"),
        ("modules/storage.bicep", "minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_0'", "allows TLS before 1.2"),
        ("modules/storage.bicep", "'GET', 'HEAD',", "'GET', 'DELETE', 'HEAD',", "lets pages delete"),
        ("modules/app.bicep", "httpsOnly: true", "httpsOnly: false", "allows HTTP"),
        ("modules/app.bicep", "properties: { allow: false }", "properties: { allow: true }", "allows deployment by password"),
        ("modules/signalr.bicep", "disableLocalAuth: true", "disableLocalAuth: false", "takes access keys"),
        ("modules/signalr.bicep", "?code=${code}", "?code=abcdef&other=${code}", "has a key in its upstream address"),
        ("modules/signalr.bicep", "type: 'ManagedIdentity'", "type: 'None'", "does not show the app who it is"),
        (
            "modules/settings.bicep",
            "Realtime__UpstreamIdentity: signalRPrincipalId",
            "Realtime__UpstreamIdentity: identityClientId",
            "does not ask events for the token"),
        (
            "modules/rbac.bicep",
            "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
            "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "b24988ac-6180-42a0-ab88-20f7382dd24c\" on"),
        ("modules/rbac.bicep", "  scope: insights\n", "", "3913510d-42f4-4e42-8a64-420c390055eb\" on"),
        ("modules/settings.bicep", "Storage__TablePrefix: tablePrefix", "Sessions__SigningKey: tablePrefix", "holds a secret"),
        ("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false", "takes instrumentation keys"),
        ("modules/keyvault.bicep", "enablePurgeProtection: true", "", "can be purged"),
        ("main.bicep", "output HOSTING string = hosting", "output APP_PASSWORD string = hosting", "Output APP_PASSWORD"),
    ];

    [Fact]
    public async Task Deploy_AfterInsecureChanges_BreaksARuleForEach()
    {
        var copy = Bicep.CopyOf(Bicep.Infrastructure);
        try
        {
            foreach (var (file, secure, insecure, _) in InsecureChanges)
            {
                var path = Path.Combine(copy, file);
                var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
                Assert.Contains(secure, text, StringComparison.Ordinal);
                await File.WriteAllTextAsync(
                    path, text.Replace(secure, insecure, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            }

            await TurnOffAsync(copy, "outputs-should-not-contain-secrets", "no-unused-existing-resources", "no-unused-params");
            var broken = SecurityRules.Broken(await Bicep.PredictAsync(copy, "prod.bicepparam", Deployer));

            Assert.All(InsecureChanges, change => Assert.Contains(broken, b => b.Contains(change.Expected, StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Compile_AfterASecretIsAddedToTheOutputs_IsRefused()
    {
        var copy = Bicep.CopyOf(Bicep.Infrastructure);
        try
        {
            await File.AppendAllTextAsync(
                Path.Combine(copy, "modules/signalr.bicep"), "output key string = service.listKeys().primaryKey\n");
            var (exit, output) = await Bicep.RunAsync(copy, [], "lint", "modules/signalr.bicep");
            Assert.NotEqual(0, exit);
            Assert.Contains("outputs-should-not-contain-secrets", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Deploy_Prod_RunsOnFlexConsumptionWithWarmInstances()
    {
        var site = (await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam")).OfType("Microsoft.Web/sites").Single();

        Assert.True(site.Is("functionAppConfig.runtime.name", "dotnet-isolated") && site.Is("functionAppConfig.runtime.version", "10.0"));
        Assert.True(site.Is("functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity"));
        Assert.Equal(2048, site["functionAppConfig.scaleAndConcurrency.instanceMemoryMB"].GetInt32());
        Assert.Equal(100, site["functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency"].GetInt32());
        Assert.Equal(1, site["functionAppConfig.scaleAndConcurrency.alwaysReady"][0].GetProperty("instanceCount").GetInt32());
    }

    [Fact]
    public async Task Deploy_OnConsumption_RunsFromAPackageWithoutAContentShare()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", Everything);

        var plan = deployment.OfType("Microsoft.Web/serverfarms").Single();
        Assert.Equal("Y1", plan.Json.GetProperty("sku").GetProperty("name").GetString());
        Assert.Equal("v10.0", deployment.OfType("Microsoft.Web/sites").Single()["siteConfig.netFrameworkVersion"].GetString());
        Assert.Equal("dotnet-isolated", deployment.Settings["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Contains("deployments", deployment.Settings["WEBSITE_RUN_FROM_PACKAGE"], StringComparison.Ordinal);
        Assert.DoesNotContain(deployment.Settings.Keys, k => k.StartsWith("WEBSITE_CONTENT", StringComparison.Ordinal));
        Assert.Single(deployment.OfType("Microsoft.Cdn/profiles/customDomains"));
    }

    [Fact]
    public async Task Deploy_WithAndWithoutFrontDoor_TellsTheAppWhereClientsAddressesAre()
    {
        var plain = (await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam", Deployer)).Settings;
        Assert.Equal("X-Forwarded-For", plain["Limits__ClientAddressHeader"]);
        Assert.Equal("", plain["Limits__FrontDoorId"]);

        var behind = (await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", Everything)).Settings;
        Assert.Equal("X-Forwarded-For", behind["Limits__ClientAddressHeader"]);
        Assert.NotEqual("", behind["Limits__FrontDoorId"]);
    }

    [Fact]
    public async Task Deploy_Prod_WarnsOfWhatTheHandbookDescribes()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam", Deployer);

        var alerts = deployment.Resources.Where(
            r => r.Type.EndsWith("Rules", StringComparison.Ordinal) || r.Type.EndsWith("metricAlerts", StringComparison.Ordinal))
            .Select(r => r.Name["vox-".Length..]).Where(name => !name.StartsWith("timer-", StringComparison.Ordinal)).ToList();
        Assert.Superset(
            new HashSet<string>(["http-5xx-rate", "http-p95", "signalr-load", "storage-throttling"], StringComparer.Ordinal),
            alerts.ToHashSet(StringComparer.Ordinal));
        var handbook = await File.ReadAllTextAsync(
            Path.Combine(Bicep.Repository, "docs/operations.md"), TestContext.Current.CancellationToken);
        Assert.All([.. alerts, "timer-not-run", "budget"], alert => Assert.Contains($"### {alert}\n", handbook, StringComparison.Ordinal));
        Assert.Single(deployment.OfType("Microsoft.Consumption/budgets"));
    }

    /// <summary>The linter would find some of these changes first. Here the tests' own rules have to find them.</summary>
    private static async Task TurnOffAsync(string folder, params string[] rules)
    {
        var path = Path.Combine(folder, "bicepconfig.json");
        var config = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        foreach (var rule in rules)
        {
            config["analyzers"]!["core"]!["rules"]![rule]!["level"] = "off";
        }

        await File.WriteAllTextAsync(path, config.ToJsonString());
    }
}
