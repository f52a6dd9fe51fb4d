using System.Text.Json;

namespace Vox.Tests;

/// <summary>What operations relies on in every deployment, each rule with a change that breaks it.</summary>
public sealed class OperationRulesTests
{
    private static readonly (string, string)[] Deployer = [("VOX_DEPLOYER_ID", SecurityRules.Deployer), ("VOX_BUDGET_START", "2026-01-01")];

    private static readonly Dictionary<string, (string Parameters, (string, string)[] Environment)> Scenarios = new(StringComparer.Ordinal)
    {
        ["prod"] = ("prod.bicepparam", Deployer),
        ["guarded"] = ("main.bicepparam", [
            .. Deployer, ("VOX_FRONT_DOOR", "true"), ("VOX_DOMAIN", "chat.example.com"), ("VOX_ZONE_REDUNDANT", "true"),
            ("VOX_DATA_SKU", "Standard_GRS"), ("VOX_PRIVATE_NETWORK", "true"), ("VOX_RECOVER_VAULT", "true"),
        ]),
        ["break-glass"] = ("break-glass.bicepparam", [
            ("VOX_BREAK_GLASS_PRINCIPAL", SecurityRules.Deployer), ("VOX_BREAK_GLASS_HOURS", "2"), ("VOX_BREAK_GLASS_WRITE", "false"),
            ("VOX_BREAK_GLASS_REASON", "incident 4711"), ("DATA_ACCOUNT", "stvoxdata0"),
        ]),
    };

    private sealed record Rule(string Says, string Scenario, Func<Deployment, bool> Holds, string File, string From, string To);

    private static readonly Rule[] Rules =
    [
        new(
            "Instances are replaced one batch after another", "prod",
            d => d.OfType("Microsoft.Web/sites").Single().Is("functionAppConfig.siteUpdateStrategy.type", "RollingUpdate"),
            "modules/app.bicep", "{ type: 'RollingUpdate' }", "{ type: 'Recreate' }"),
        new(
            "Instances are in several zones", "guarded",
            d => d.OfType("Microsoft.Web/serverfarms").Single().Is("zoneRedundant", true),
            "modules/app.bicep", "zoneRedundant: flex && zoneRedundant", "zoneRedundant: false"),
        new(
            "All accounts of the app keep their copies in several zones", "guarded",
            d => d.OfType("Microsoft.Storage/storageAccounts").Where(a => !a.Name.StartsWith("stvoxbak", StringComparison.Ordinal))
                .All(a => a.Json.GetProperty("sku").GetProperty("name").GetString()!.EndsWith("ZRS", StringComparison.Ordinal)),
            "main.bicep", "sku: zoneRedundant ? zoned[dataSku] : dataSku", "sku: dataSku"),
        new(
            "The app reaches each service of a closed account by an endpoint of its own", "guarded",
            d => new[] { "blob", "queue" }.All(service => Endpoints(d).Contains(("stvoxapp", service))),
            "modules/network.bicep", "  { name: 'state-queue', id: stateAccountId, service: 'queue', zone: 3 }\n", ""),
        new(
            "The account of the host's state is closed", "guarded",
            d => d.OfType("Microsoft.Storage/storageAccounts").Single(a => a.Name.StartsWith("stvoxapp", StringComparison.Ordinal))
                .Is("networkAcls.defaultAction", "Deny"),
            "main.bicep", "closed: privateNetwork", "closed: false"),
        new(
            "Only this Front Door gets in", "guarded",
            d => d.OfType("Microsoft.Web/sites").Single()["siteConfig.ipSecurityRestrictions"] is { ValueKind: JsonValueKind.Array } rules
                && rules.EnumerateArray().Where(r => r.GetProperty("ipAddress").GetString() == "AzureFrontDoor.Backend")
                    .All(r => r.TryGetProperty("headers", out var headers)
                        && headers.GetRawText().Contains("frontDoorId", StringComparison.Ordinal)),
            "modules/frontdoor.bicep", "    headers: { 'x-azure-fdid': [id] }\n", ""),
        new(
            "Whoever Front Door does not name is refused", "guarded",
            d => d.OfType("Microsoft.Web/sites").Single().Is("siteConfig.ipSecurityRestrictionsDefaultAction", "Deny"),
            "modules/app.bicep", "empty(restrictions) ? 'Allow' : 'Deny'", "'Allow'"),
        new(
            "The app believes this Front Door's word about clients", "guarded",
            d => d.Settings["Limits__FrontDoorId"].Contains("frontDoorId", StringComparison.Ordinal),
            "modules/frontdoor.bicep", "{ Limits__FrontDoorId: id, Portal__BaseUrl", "{ Portal__BaseUrl"),
        new(
            "Browsers stay on HTTPS on every route", "guarded",
            d => d.OfType("Microsoft.Cdn/profiles/afdEndpoints/routes").All(r => r["ruleSets"] is { ValueKind: JsonValueKind.Array } sets
                && sets.GetArrayLength() > 0)
                && d.OfType("Microsoft.Cdn/profiles/ruleSets/rules").Any(r =>
                    r.Json.GetRawText().Contains("Strict-Transport-Security", StringComparison.Ordinal)),
            "modules/frontdoor.bicep", "  ruleSets: [{ id: rules.id }]\n", ""),
        new(
            "A deleted environment's vault comes back", "guarded",
            d => d.OfType("Microsoft.KeyVault/vaults").Single().Is("createMode", "recover"),
            "modules/keyvault.bicep", "recover ? 'recover' : 'default'", "'default'"),
        new(
            "E-mail can be sent from a domain that needs no DNS", "prod",
            d => d.OfType("Microsoft.Communication/emailServices/domains").Single().Is("domainManagement", "AzureManaged"),
            "modules/mail.bicep", "domainManagement: 'AzureManaged'", "domainManagement: 'CustomerManaged'"),
        new(
            "Somebody asks the app from outside", "prod",
            d => d.OfType("Microsoft.Insights/webtests").Any(t =>
                t["Request.RequestUrl"].GetString()!.Contains("/api/health/ready", StringComparison.Ordinal)),
            "main.bicep", "/api/health/ready'", "/'"),
        new(
            "The end of telemetry has an alert", "prod",
            d => Queries(d).Any(q => q.Contains("OverQuota", StringComparison.Ordinal)),
            "modules/alerts.bicep", "Detail contains \"OverQuota\"", "Detail contains \"Other\""),
        new(
            "No timer looks silent because requests are sampled", "prod",
            d => d.OfType("Microsoft.Insights/scheduledQueryRules").Where(r => r.Name.StartsWith("vox-timer-", StringComparison.Ordinal))
                .All(r => Query(r).StartsWith("AppMetrics ", StringComparison.Ordinal)),
            "modules/alerts.bicep",
            "'AppMetrics | where Name == \"vox.function.duration\"",
            "'AppRequests | where Name == \"vox.function.duration\""),
        new(
            "The share of failures counts what samples stand for", "prod",
            d => Query(d.OfType("Microsoft.Insights/scheduledQueryRules").Single(r => r.Name == "vox-http-5xx-rate"))
                .Contains("microsoft.sample_rate", StringComparison.Ordinal),
            "modules/alerts.bicep", "todouble(Properties[\"microsoft.sample_rate\"])", "todouble(1)"),
        new(
            "Alerts of queries link their chapter", "prod",
            d => d.OfType("Microsoft.Insights/scheduledQueryRules").Where(r => !r.Name.StartsWith("vox-timer-", StringComparison.Ordinal))
                .All(r => r["description"].GetString()!.Contains('#', StringComparison.Ordinal)),
            "modules/alerts.bicep", "'${q.says} ${runbook}#${q.name}'", "q.says"),
        new(
            "Alerts of metrics link their chapter", "prod",
            d => d.OfType("Microsoft.Insights/metricAlerts")
                .All(r => r["description"].GetString()!.Contains('#', StringComparison.Ordinal)),
            "modules/alerts.bicep", "'${m.says} ${runbook}#${m.name}'", "m.says"),
        new(
            "A share of the requests is recorded, not all", "prod",
            d => d.Settings["Telemetry__SuccessPercent"] == "10",
            "modules/settings.bicep", "Telemetry__SuccessPercent: string(telemetrySuccessPercent)", "Telemetry__SuccessPercent: '100'"),
        new(
            "Nothing writes a line for each connection", "prod",
            d => d.OfType("Microsoft.SignalRService/signalR").All(s => s["features"].EnumerateArray().Any(f =>
                f.GetProperty("flag").GetString() == "EnableConnectivityLogs" && f.GetProperty("value").GetString() == "False")),
            "modules/signalr.bicep", "value: connectivityLogs ? 'True' : 'False'", "value: 'True'"),
        new(
            "Access in an emergency ends by itself", "break-glass",
            d => d.Resources.All(r => r.Is("scheduleInfo.expiration.type", "AfterDuration")),
            "break-glass.bicep", "{ type: 'AfterDuration', duration: 'PT${hours}H' }", "{ type: 'NoExpiration' }"),
    ];

    [Fact]
    public async Task Deploy_AsItIs_KeepsEveryRule()
    {
        foreach (var rule in Rules)
        {
            Assert.True(rule.Holds(await PredictAsync(Bicep.Infrastructure, rule)), rule.Says);
        }
    }

    [Fact]
    public async Task Deploy_AfterAChangeForEachRule_BreaksThemAll()
    {
        var copy = Bicep.CopyOf(Bicep.Infrastructure);
        try
        {
            foreach (var rule in Rules)
            {
                var path = Path.Combine(copy, rule.File);
                var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
                Assert.Contains(rule.From, text, StringComparison.Ordinal);
                await File.WriteAllTextAsync(
                    path, text.Replace(rule.From, rule.To, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            }

            await DeploymentTests.TurnOffAsync(copy, "no-unused-params", "no-unused-vars", "no-unused-existing-resources");
            foreach (var rule in Rules)
            {
                Assert.False(rule.Holds(await PredictAsync(copy, rule)), rule.Says);
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static Task<Deployment> PredictAsync(string folder, Rule rule) =>
        Bicep.PredictAsync(folder, Scenarios[rule.Scenario].Parameters, Scenarios[rule.Scenario].Environment);

    private static IEnumerable<string> Queries(Deployment deployment) =>
        deployment.OfType("Microsoft.Insights/scheduledQueryRules").Select(Query);

    private static string Query(Resource rule) => rule["criteria.allOf"][0].GetProperty("query").GetString()!;

    /// <summary>Private endpoints: the account without the end that makes its name unique, and the service.</summary>
    private static IEnumerable<(string Account, string Service)> Endpoints(Deployment deployment) =>
        from endpoint in deployment.OfType("Microsoft.Network/privateEndpoints")
        from connection in endpoint["privateLinkServiceConnections"].EnumerateArray()
        let properties = connection.GetProperty("properties")
        select (
            properties.GetProperty("privateLinkServiceId").GetString()!.Split('/')[^1][..^13].TrimEnd('-'),
            properties.GetProperty("groupIds")[0].GetString()!);
}
