using System.Text.Json;

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
        ("modules/mail.bicep", "disableLocalAuth: true", "disableLocalAuth: false", "acs-vox-prod-"),
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

    /// <summary>Judged by the versions that the compiler knows, not by the day: the tests are not to fail because time passes.</summary>
    [Fact]
    public async Task Compile_WithAnOldVersionOfAnApi_IsRefused()
    {
        var copy = Bicep.CopyOf(Bicep.Infrastructure);
        try
        {
            var path = Path.Combine(copy, "modules/identity.bicep");
            var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                path, text.Replace("@2024-11-30'", "@2023-01-31'", StringComparison.Ordinal), TestContext.Current.CancellationToken);

            var (exit, output) = await Bicep.RunAsync(copy, [], "lint", "modules/identity.bicep");

            Assert.NotEqual(0, exit);
            Assert.Contains("use-recent-api-versions", output, StringComparison.Ordinal);
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
        Assert.Equal(512, site["functionAppConfig.scaleAndConcurrency.instanceMemoryMB"].GetInt32());
        Assert.Equal(50, site["functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency"].GetInt32());
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
        Assert.Contains("frontDoorId", behind["Limits__FrontDoorId"], StringComparison.Ordinal);
        // Links in e-mails lead to where browsers may go.
        Assert.DoesNotContain("Portal__BaseUrl", plain.Keys);
        Assert.Equal("https://chat.example.com", behind["Portal__BaseUrl"]);
    }

    /// <summary>Whoever knows the app's own address must not get around Front Door, or call with an address of their choice.</summary>
    [Fact]
    public async Task Deploy_WithFrontDoor_LetsOnlyThatOneAndTheSignalRServiceIn()
    {
        var site = (await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", Everything)).OfType("Microsoft.Web/sites").Single();

        Assert.True(site.Is("siteConfig.ipSecurityRestrictionsDefaultAction", "Deny"));
        var rules = site["siteConfig.ipSecurityRestrictions"].EnumerateArray().ToDictionary(r => r.GetProperty("ipAddress").GetString()!);
        Assert.Equal(["AzureFrontDoor.Backend", "AzureSignalR"], rules.Keys.Order(StringComparer.Ordinal));
        Assert.All(rules.Values, r => Assert.Equal("ServiceTag", r.GetProperty("tag").GetString()));
        // Everybody's Front Doors have the same addresses: the id makes it this one.
        Assert.Contains("frontDoorId", rules["AzureFrontDoor.Backend"].GetProperty("headers").GetRawText(), StringComparison.Ordinal);

        var plain = (await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam")).OfType("Microsoft.Web/sites").Single();
        Assert.True(plain.Is("siteConfig.ipSecurityRestrictionsDefaultAction", "Allow"));
    }

    [Fact]
    public async Task Deploy_WithFrontDoor_KeepsBrowsersOnHttpsOnEveryRoute()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", Everything);

        var action = Assert.Single(deployment.OfType("Microsoft.Cdn/profiles/ruleSets/rules").Single()["actions"].EnumerateArray());
        Assert.Equal("Strict-Transport-Security", action.GetProperty("parameters").GetProperty("headerName").GetString());
        Assert.Equal("max-age=31536000", action.GetProperty("parameters").GetProperty("value").GetString());
        var set = deployment.OfType("Microsoft.Cdn/profiles/ruleSets").Single().Id;
        Assert.All(
            deployment.OfType("Microsoft.Cdn/profiles/afdEndpoints/routes"),
            route => Assert.Equal(set, Assert.Single(route["ruleSets"].EnumerateArray()).GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("Premium_P1", "20", true)]
    [InlineData("Premium_P1", "0", false)]
    [InlineData("Standard_S1", "20", false)]
    public async Task Deploy_MostUnits_FollowTheLoadWherePremiumIsPaidFor(string sku, string most, bool follow)
    {
        var deployment = await Bicep.PredictAsync(
            Bicep.Infrastructure, "main.bicepparam",
            [("VOX_SIGNALR_SKU", sku), ("VOX_SIGNALR_UNITS", "2"), ("VOX_SIGNALR_MOST_UNITS", most)]);

        var settings = deployment.OfType("Microsoft.Insights/autoscaleSettings").ToList();
        if (!follow)
        {
            Assert.Empty(settings);
            return;
        }

        var profile = Assert.Single(settings)["profiles"][0];
        Assert.Equal("2", profile.GetProperty("capacity").GetProperty("minimum").GetString());
        Assert.Equal("20", profile.GetProperty("capacity").GetProperty("maximum").GetString());
        var rules = profile.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(["Increase", "Increase", "Decrease"], rules.Select(rule => Text(rule, "scaleAction", "direction")));
        Assert.All(rules, rule => Assert.Equal("ServiceAllowedNextValue", Text(rule, "scaleAction", "type")));
        Assert.Equal(
            ["ConnectionQuotaUtilization", "ServerLoad", "ConnectionQuotaUtilization"],
            rules.Select(rule => Text(rule, "metricTrigger", "metricName")));
        Assert.Empty(SecurityRules.Broken(deployment));

        static string? Text(JsonElement rule, string part, string name) => rule.GetProperty(part).GetProperty(name).GetString();
    }

    [Fact]
    public async Task Deploy_FurtherSignalRServices_EachIsLikeTheFirstAndKnownToTheApp()
    {
        var deployment = await Bicep.PredictAsync(
            Bicep.Infrastructure, "main.bicepparam",
            [("VOX_SIGNALR_SKU", "Premium_P1"), ("VOX_SIGNALR_UNITS", "100"), ("VOX_SIGNALR_FURTHER_UNITS", "50 20")]);

        var services = deployment.OfType("Microsoft.SignalRService/signalR")
            .OrderBy(service => service.Name, StringComparer.Ordinal).ToList();
        Assert.Equal([100, 50, 20], services.Select(s => s.Json.GetProperty("sku").GetProperty("capacity").GetInt32()));
        Assert.Equal([services[0].Name, services[0].Name + "-1", services[0].Name + "-2"], services.Select(service => service.Name));
        Assert.Single(services.Select(service => service["upstream"].GetRawText()).Distinct(StringComparer.Ordinal));
        Assert.Single(services.Select(service => service.Json.GetProperty("identity").GetRawText()).Distinct(StringComparer.Ordinal));
        Assert.Equal(
            ["Realtime__Services__1", "Realtime__Services__2"],
            deployment.Settings.Keys.Where(name => name.StartsWith("Realtime__Services", StringComparison.Ordinal)).Order());
        Assert.All([1, 2], number => Assert.Contains(
            $"/{services[number].Name}'", deployment.Settings[$"Realtime__Services__{number}"], StringComparison.Ordinal));
        Assert.Equal(3, deployment.OfType("Microsoft.Authorization/roleAssignments").Count(
            role => role.Json.GetRawText().Contains("7e4f1700-ea5a-4f59-8f37-079cfe29dce3", StringComparison.Ordinal)));
        Assert.Equal(
            ["vox-signalr-connections", "vox-signalr-connections-1", "vox-signalr-connections-2",
            "vox-signalr-load", "vox-signalr-load-1", "vox-signalr-load-2"],
            deployment.OfType("Microsoft.Insights/metricAlerts").Select(alert => alert.Name)
                .Where(name => name.StartsWith("vox-signalr", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Empty(SecurityRules.Broken(deployment));
    }

    [Fact]
    public async Task Deploy_ZoneRedundant_SpreadsInstancesAndAllCopies()
    {
        var one = await Bicep.PredictAsync(
            Bicep.Infrastructure, "main.bicepparam",
            [("VOX_ZONE_REDUNDANT", "true"), ("VOX_DATA_SKU", "Standard_GRS"), ("VOX_SIGNALR_SKU", "Premium_P1")]);
        Assert.Equal(
            "Premium_P1", one.OfType("Microsoft.SignalRService/signalR").Single().Json.GetProperty("sku").GetProperty("name").GetString());
        Assert.True(one.OfType("Microsoft.Web/serverfarms").Single().Is("zoneRedundant", true));
        Assert.Equal(
            ["stvoxapp Standard_ZRS", "stvoxbak Standard_GRS", "stvoxdata Standard_GZRS", "stvoxup Standard_ZRS"],
            one.OfType("Microsoft.Storage/storageAccounts").Select(SkuOf).Order(StringComparer.Ordinal));

        var plain = await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", [("VOX_DATA_SKU", "Standard_GZRS")]);
        Assert.True(plain.OfType("Microsoft.Web/serverfarms").Single().Is("zoneRedundant", false));
        Assert.Contains("stvoxdata Standard_GZRS", plain.OfType("Microsoft.Storage/storageAccounts").Select(SkuOf));

        static string SkuOf(Resource account) =>
            $"{account.Name[..^13]} {account.Json.GetProperty("sku").GetProperty("name").GetString()}";
    }

    [Fact]
    public async Task Deploy_WithAPrivateNetwork_ReachesEveryServiceByItsPrivateEndpoint()
    {
        var deployment = await Bicep.PredictAsync(
            Bicep.Infrastructure, "main.bicepparam",
            [("VOX_PRIVATE_NETWORK", "true"), ("VOX_ALLOWED_ADDRESSES", "203.0.113.7 203.0.113.8")]);

        var subnet = deployment.OfType("Microsoft.Web/sites").Single()["virtualNetworkSubnetId"].GetString()!;
        Assert.EndsWith("/subnets/app", subnet, StringComparison.Ordinal);
        var endpoints = deployment.OfType("Microsoft.Network/privateEndpoints").SelectMany(
            e => e["privateLinkServiceConnections"].EnumerateArray().Select(c => c.GetProperty("properties")).Select(c =>
                $"{Kind(c.GetProperty("privateLinkServiceId").GetString()!)} {c.GetProperty("groupIds")[0].GetString()}"));
        Assert.Equal(
            ["kv-vox vault", "stvoxapp blob", "stvoxapp queue", "stvoxdata blob", "stvoxdata table", "stvoxup blob"],
            endpoints.Order(StringComparer.Ordinal));
        Assert.Equal(6, deployment.OfType("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
        Assert.Equal(4, deployment.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        // Only the state of the host is closed: browsers exchange files with the two others.
        var rules = deployment.OfType("Microsoft.Storage/storageAccounts").ToDictionary(a => a.Name[..^13], a => a["networkAcls"]);
        Assert.Equal("Deny", rules["stvoxapp"].GetProperty("defaultAction").GetString());
        Assert.Equal(2, rules["stvoxapp"].GetProperty("ipRules").GetArrayLength());
        Assert.Equal("Allow", rules["stvoxdata"].GetProperty("defaultAction").GetString());

        Assert.Empty((await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam")).OfType("Microsoft.Network/virtualNetworks"));

        static string Kind(string id) => id.Split('/')[^1][..^13].TrimEnd('-');
    }

    [Fact]
    public async Task Deploy_Prod_EveryAlertSaysWhatItMeansAndLinksItsChapter()
    {
        var deployment = await Bicep.PredictAsync(
            Bicep.Infrastructure, "prod.bicepparam", [.. Deployer, ("VOX_RUNBOOK", "https://example.com/operations.md")]);
        var handbook = await File.ReadAllTextAsync(
            Path.Combine(Bicep.Repository, "docs/operations.md"), TestContext.Current.CancellationToken);

        var alerts = deployment.OfType("Microsoft.Insights/scheduledQueryRules")
            .Concat(deployment.OfType("Microsoft.Insights/metricAlerts"));
        Assert.All(alerts, alert =>
        {
            var parts = alert["description"].GetString()!.Split(" https://example.com/operations.md#");
            Assert.True(parts is [{ Length: > 20 }, _], alert.Name);
            Assert.Contains($"### {parts[1]}\n", handbook, StringComparison.Ordinal);
        });
    }

    /// <summary>A timer's run must not look missing because its request was sampled, and a share must not be one of samples.</summary>
    [Fact]
    public async Task Deploy_Prod_AlertsHoldWhenRequestsAreSampled()
    {
        var queries = (await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam", Deployer))
            .OfType("Microsoft.Insights/scheduledQueryRules")
            .ToDictionary(r => r.Name, r => r["criteria.allOf"][0].GetProperty("query").GetString()!, StringComparer.Ordinal);

        Assert.All(
            queries.Where(q => q.Key.StartsWith("vox-timer-", StringComparison.Ordinal)),
            q => Assert.StartsWith("AppMetrics | where Name == \"vox.function.duration\"", q.Value, StringComparison.Ordinal));
        Assert.Contains("100.0 / todouble(Properties[\"microsoft.sample_rate\"])", queries["vox-http-5xx-rate"], StringComparison.Ordinal);
        Assert.Contains("Total = sum(Rows), Failed = sumif(Rows, ", queries["vox-http-5xx-rate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_Prod_TellsBeforeTelemetryEndsAndWhenNobodyGetsThrough()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam", Deployer);

        var queries = deployment.OfType("Microsoft.Insights/scheduledQueryRules")
            .ToDictionary(r => r.Name, r => r["criteria.allOf"][0], StringComparer.Ordinal);
        // prod's cap is 2 GB.
        Assert.EndsWith("/ 2 * 100.0", queries["vox-telemetry-volume"].GetProperty("query").GetString(), StringComparison.Ordinal);
        Assert.Equal(80, queries["vox-telemetry-volume"].GetProperty("threshold").GetInt32());
        Assert.Contains("OverQuota", queries["vox-telemetry-capped"].GetProperty("query").GetString(), StringComparison.Ordinal);

        var test = deployment.OfType("Microsoft.Insights/webtests").Single();
        Assert.Contains("/api/health/ready", test["Request.RequestUrl"].GetString(), StringComparison.Ordinal);
        Assert.Equal(3, test["Locations"].GetArrayLength());
        var alert = deployment.OfType("Microsoft.Insights/metricAlerts").Single(a => a.Name == "vox-not-reachable");
        Assert.Equal(2, alert["criteria.failedLocationCount"].GetInt32());
        Assert.Equal(test.Id, alert["criteria.webTestId"].GetString());
        Assert.Empty((await Bicep.PredictAsync(Bicep.Infrastructure, "dev.bicepparam", Deployer)).OfType("Microsoft.Insights/webtests"));
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

    /// <summary>Without e-mail nobody can sign up at the portal, and so nobody can make a project.</summary>
    [Fact]
    public async Task Deploy_Fresh_CanSendEmailFromADomainThatNeedsNoDns()
    {
        foreach (var parameters in new[] { "dev.bicepparam", "prod.bicepparam", "main.bicepparam" })
        {
            var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, parameters, Deployer);

            var domain = deployment.OfType("Microsoft.Communication/emailServices/domains").Single();
            Assert.True(domain.Is("domainManagement", "AzureManaged"));
            var service = deployment.OfType("Microsoft.Communication/communicationServices").Single();
            Assert.Equal(domain.Id, Assert.Single(service["linkedDomains"].EnumerateArray()).GetString());
            Assert.Contains("communicationServices", deployment.Settings["Mail__Endpoint"], StringComparison.Ordinal);
            Assert.Contains("DoNotReply@", deployment.Settings["Mail__From"], StringComparison.Ordinal);
        }

        var without = await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", [("VOX_MAIL", "false")]);
        Assert.Empty(without.OfType("Microsoft.Communication/communicationServices"));
        Assert.DoesNotContain("Mail__Endpoint", without.Settings.Keys);
    }

    /// <summary>Access that somebody has to remember to take away again stays.</summary>
    [Theory]
    [InlineData("false", "76199698-9eea-4c19-bc75-cec21354c6b6", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")]
    [InlineData("true", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "ba92f5b4-2d11-453d-a403-e96b0029c9fe")]
    public async Task BreakGlass_OfAPerson_IsForTheDataAccountAloneAndEndsByItself(string write, params string[] roles)
    {
        (string, string)[] environment =
        [
            ("VOX_BREAK_GLASS_PRINCIPAL", SecurityRules.Deployer), ("VOX_BREAK_GLASS_HOURS", "2"), ("VOX_BREAK_GLASS_WRITE", write),
            ("VOX_BREAK_GLASS_REASON", "incident 4711"), ("DATA_ACCOUNT", "stvoxdata0"),
        ];
        var requests = (await Bicep.PredictAsync(Bicep.Infrastructure, "break-glass.bicepparam", environment)).Resources;

        Assert.Equal(2, requests.Count);
        Assert.All(requests, request =>
        {
            Assert.Equal("Microsoft.Authorization/roleAssignmentScheduleRequests", request.Type);
            Assert.Contains("/storageAccounts/stvoxdata0'", request.Id, StringComparison.Ordinal);
            Assert.True(request.Is("requestType", "AdminAssign"));
            Assert.True(request.Is("scheduleInfo.expiration.type", "AfterDuration"));
            Assert.True(request.Is("scheduleInfo.expiration.duration", "PT2H"));
            Assert.True(request.Is("justification", "incident 4711"));
        });
        Assert.Equal(roles.Order(StringComparer.Ordinal), requests
            .Select(r => r["roleDefinitionId"].GetString()!.Split('/')[^1]).Order(StringComparer.Ordinal));
    }

    /// <summary>azd allows 64 characters, capitals, dots, parentheses and underscores.</summary>
    [Theory]
    [InlineData("prod", "func-vox-prod-")]
    [InlineData("Feature_(17).with-a-long-.name-that-azd-takes-and-that-nobody-would-type", "func-vox-feature-17-with-a-long-n")]
    public async Task Deploy_WithAnyNameThatAzdAllows_HasNamesThatAzureAllows(string environment, string expected)
    {
        var name = environment[..Math.Min(64, environment.Length)];
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", [("AZURE_ENV_NAME", name)]);

        Assert.StartsWith(expected, deployment.OfType("Microsoft.Web/sites").Single().Name, StringComparison.Ordinal);
        foreach (var type in new[] { "Microsoft.Web/sites", "Microsoft.SignalRService/signalR", "Microsoft.Web/serverfarms" })
        {
            Assert.Matches("^[a-z][a-z0-9-]{1,58}[a-z0-9]$", deployment.OfType(type).Single().Name);
        }

        Assert.All(
            deployment.OfType("Microsoft.Storage/storageAccounts"), account => Assert.Matches("^[a-z0-9]{3,24}$", account.Name));
        Assert.Matches("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", deployment.OfType("Microsoft.KeyVault/vaults").Single().Name);
    }

    /// <summary>Alerts to an address that nobody reads are none, and a place that somebody else chose is expensive to leave.</summary>
    [Theory]
    [InlineData("dev.bicepparam", "VOX_ALERT_EMAIL")]
    [InlineData("prod.bicepparam", "VOX_ALERT_EMAIL")]
    [InlineData("main.bicepparam", "VOX_ALERT_EMAIL")]
    [InlineData("prod.bicepparam", "AZURE_LOCATION")]
    [InlineData("main.bicepparam", "AZURE_LOCATION")]
    [InlineData("main.bicepparam", "AZURE_ENV_NAME")]
    public async Task Compile_WithoutWhatOnlyTheOperatorKnows_IsRefused(string parameters, string missing)
    {
        (string Name, string Value)[] all =
            [("AZURE_ENV_NAME", "dev"), ("AZURE_LOCATION", "westeurope"), ("VOX_ALERT_EMAIL", "alerts@example.com")];
        var (exit, output) = await Bicep.RunAsync(
            Bicep.Infrastructure, all.Where(v => v.Name != missing), "build-params", parameters, "--stdout");

        Assert.NotEqual(0, exit);
        Assert.Contains(missing, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_WithTwoAlertAddresses_TellsBoth()
    {
        var deployment = await Bicep.PredictAsync(
            Bicep.Infrastructure, "main.bicepparam", [("VOX_ALERT_EMAIL", "a@example.com b@example.com")]);

        Assert.Equal(
            ["a@example.com", "b@example.com"],
            deployment.OfType("Microsoft.Insights/actionGroups").Single()["emailReceivers"].EnumerateArray()
                .Select(r => r.GetProperty("emailAddress").GetString()!));
    }

    [Fact]
    public async Task Deploy_OnFlexConsumption_ReplacesInstancesOneBatchAfterAnother()
    {
        foreach (var parameters in new[] { "dev.bicepparam", "prod.bicepparam", "main.bicepparam" })
        {
            var site = (await Bicep.PredictAsync(Bicep.Infrastructure, parameters)).OfType("Microsoft.Web/sites").Single();
            Assert.True(site.Is("functionAppConfig.siteUpdateStrategy.type", "RollingUpdate"), parameters);
        }
    }

    [Theory]
    [InlineData("true", "recover")]
    [InlineData("false", "default")]
    public async Task Deploy_AfterTheEnvironmentWasDeleted_BringsItsVaultBack(string deleted, string mode)
    {
        foreach (var parameters in new[] { "dev.bicepparam", "prod.bicepparam", "main.bicepparam" })
        {
            var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, parameters, [("VOX_RECOVER_VAULT", deleted)]);
            Assert.True(deployment.OfType("Microsoft.KeyVault/vaults").Single().Is("createMode", mode), parameters);
        }
    }

    /// <summary>What the platform does for every request and every timer.</summary>
    [Fact]
    public async Task HostFile_OfThePackage_EndsWhatHangsAndKeepsBrowsersOnHttps()
    {
        var host = JsonSerializer.Deserialize<JsonElement>(
            await File.ReadAllTextAsync(Path.Combine(Bicep.Repository, "host.json"), TestContext.Current.CancellationToken));

        // Windows Consumption refuses to start with more.
        Assert.InRange(TimeSpan.Parse(host.GetProperty("functionTimeout").GetString()!), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
        var hsts = host.GetProperty("extensions").GetProperty("http").GetProperty("hsts");
        Assert.True(hsts.GetProperty("isEnabled").GetBoolean());
        // The host reads a number without colons as days.
        Assert.True(TimeSpan.Parse(hsts.GetProperty("maxAge").GetString()!) >= TimeSpan.FromDays(365));
    }

    /// <summary>The linter would find some of these changes first. Here the tests' own rules have to find them.</summary>
    internal static async Task TurnOffAsync(string folder, params string[] rules)
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
