using System.Text.Json;

namespace Vox.Tests;

/// <summary>What every deployment must keep. Each broken rule is one sentence that names the resource.</summary>
internal static class SecurityRules
{
    private const string AppIdentity = "-app'";
    private const string SignalRIdentity = "-signalr'";

    /// <summary>Who may do what, and where. Everything that is not listed is refused.</summary>
    private static readonly (string Identity, string Role, string Scope)[] Allowed =
    [
        (AppIdentity, "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "stvoxapp"),  // Storage Blob Data Owner: the host needs it
        (AppIdentity, "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "stvoxapp"),  // Storage Queue Data Contributor
        (AppIdentity, "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "stvoxdata"), // Storage Table Data Contributor
        (AppIdentity, "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "stvoxdata"), // Storage Blob Data Contributor
        (AppIdentity, "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "stvoxup"),   // the same for unfinished uploads
        (AppIdentity, "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "stvoxbak"),  // the same for backups, with a condition: it only adds
        (AppIdentity, "7e4f1700-ea5a-4f59-8f37-079cfe29dce3", "sigr-vox"),  // SignalR Service Owner: data plane
        (AppIdentity, "3913510d-42f4-4e42-8a64-420c390055eb", "appi-vox"),  // Monitoring Metrics Publisher
        (AppIdentity, "4633458b-17de-408a-b874-0445c86b69e6", "kv-vox"),    // Key Vault Secrets User
        (AppIdentity, "09976791-48a7-449e-bb21-39d1a415f350", "acs-vox"),   // Communication and Email Service Owner: sends e-mail
        // Key Vault Crypto Service Encryption User: wrap and unwrap with one key
        (AppIdentity, "e147488a-f6f5-4113-8e2d-b22465e65bf6", "kv-vox"),
        // The SignalR service: nothing here. signalr-key.sh lets it read its one secret.
        (Deployer, "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "stvoxapp"),     // packages and releases
        (Deployer, "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "kv-vox"),       // Key Vault Secrets Officer: the SignalR key
    ];

    public const string Deployer = "00000000-0000-0000-0000-00000000dddd";

    /// <summary>The account of unfinished uploads. Everything else must be restorable.</summary>
    private static bool IsOfUploads(Resource resource) => resource.Name.Contains("stvoxup", StringComparison.Ordinal);

    public static List<string> Broken(Deployment deployment) =>
    [
        .. Check(deployment, "Microsoft.Storage/storageAccounts",
            ("takes shared keys", r => r.Is("allowSharedKeyAccess", false)),
            ("allows public blobs", r => r.Is("allowBlobPublicAccess", false)),
            ("allows HTTP", r => r.Is("supportsHttpsTrafficOnly", true)),
            ("allows TLS before 1.2", r => r.Is("minimumTlsVersion", "TLS1_2")),
            ("replicates to other tenants", r => r.Is("allowCrossTenantReplication", false))),
        .. Check(deployment, "Microsoft.Storage/storageAccounts/blobServices",
            ("does not keep deleted blobs", r => IsOfUploads(r) || r.Is("deleteRetentionPolicy.enabled", true)),
            ("does not keep deleted containers", r => IsOfUploads(r) || r.Is("containerDeleteRetentionPolicy.enabled", true)),
            ("keeps no versions", r => IsOfUploads(r) || r.Is("isVersioningEnabled", true)),
            ("keeps what strangers give up", r => !IsOfUploads(r) || (r.Is("deleteRetentionPolicy.enabled", false)
                && r.Is("containerDeleteRetentionPolicy.enabled", false) && r.Is("isVersioningEnabled", false))),
            ("lets pages delete", r => !r["cors.corsRules"].GetRawText().Contains("DELETE", StringComparison.OrdinalIgnoreCase))),
        .. Check(deployment, "Microsoft.Storage/storageAccounts/blobServices/containers",
            ("is public", r => r.Is("publicAccess", "None"))),
        .. Check(deployment, "Microsoft.Web/sites",
            ("allows HTTP", r => r.Is("httpsOnly", true)),
            ("allows TLS before 1.2", r => r.Is("siteConfig.minTlsVersion", "1.2") && r.Is("siteConfig.scmMinTlsVersion", "1.2")),
            ("allows FTP", r => r.Is("siteConfig.ftpsState", "Disabled")),
            (
                "lets the platform answer CORS",
                r => r["siteConfig.cors.allowedOrigins"] is { ValueKind: JsonValueKind.Array } a && a.GetArrayLength() == 0),
            ("has no identity of its own", r => r.Json.GetProperty("identity").GetProperty("type").GetString() == "UserAssigned")),
        .. Check(deployment, "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
            ("allows deployment by password", r => r.Is("allow", false))),
        .. Check(deployment, "Microsoft.SignalRService/signalR",
            ("takes access keys", r => r.Is("disableLocalAuth", true)),
            ("is not serverless", r => r["features"].GetRawText().Contains("Serverless", StringComparison.Ordinal)),
            ("has a key in its upstream address", r => r["upstream.templates"].GetRawText().Contains("code={1}", StringComparison.Ordinal)
                && r["upstream.templates"].GetRawText().Contains("Microsoft.KeyVault(SecretUri=", StringComparison.Ordinal)),
            ("does not show the app who it is", r => r["upstream.templates"].EnumerateArray().All(IsKnown))),
        .. Check(deployment, "Microsoft.KeyVault/vaults",
            ("has access policies", r => r.Is("enableRbacAuthorization", true)),
            ("can be purged", r => r.Is("enablePurgeProtection", true))),
        .. Check(deployment, "Microsoft.Insights/components",
            ("takes instrumentation keys", r => r.Is("DisableLocalAuth", true))),
        .. Check(deployment, "Microsoft.OperationalInsights/workspaces",
            ("takes shared keys", r => r.Is("features.disableLocalAuth", true)),
            ("has no daily cap", r => r["workspaceCapping.dailyQuotaGb"] is { ValueKind: JsonValueKind.Number } cap && cap.GetInt32() > 0)),
        .. deployment.OfType("Microsoft.Communication/communicationServices").Where(r => !r.Is("disableLocalAuth", true))
            .Select(r => $"{r.Name} takes access keys."),
        .. deployment.OfType("Microsoft.Cdn/profiles/customDomains").Where(r => !r.Is("tlsSettings.minimumTlsVersion", "TLS12"))
            .Select(r => $"{r.Name} allows TLS before 1.2."),
        .. deployment.OfType("Microsoft.Authorization/roleAssignments").Where(r => !Array.Exists(Allowed, a => IsThis(r, a)))
            .Select(r => $"Role \"{Last(r)}\" on {r.Id} is not on the list of what is needed."),
        .. deployment.Settings.Where(s => IsSecret(s.Key, s.Value)).Select(s => $"Setting {s.Key} holds a secret."),
        .. NotAsked(deployment),
        .. deployment.Outputs.Where(o => IsSecret(o.Name, o.Value.GetRawText())).Select(o => $"Output {o.Name} holds a secret."),
        .. Words(deployment.Text).Select(word => $"Something reads a key: {word}."),
    ];

    private static IEnumerable<string> Check(Deployment deployment, string type, params (string What, Func<Resource, bool> Holds)[] rules)
    {
        var resources = deployment.OfType(type).ToList();
        return resources.Count == 0
            ? [$"There is no {type}."]
            : resources.SelectMany(r => rules.Where(rule => !rule.Holds(r)).Select(rule => $"{r.Type} {r.Name} {rule.What}."));
    }

    private static bool IsThis(Resource assignment, (string Identity, string Role, string Scope) allowed) =>
        assignment["principalId"].GetString() is { } principal && principal.Contains(allowed.Identity, StringComparison.Ordinal)
        && assignment["roleDefinitionId"].GetString()!.EndsWith(allowed.Role, StringComparison.Ordinal)
        // The scope comes first in the id. An assignment for a resource group or a subscription has no resource there.
        && assignment.Id.Split("Microsoft.Authorization/roleAssignments")[0] is var scope
        && scope.Contains("/providers/", StringComparison.Ordinal) && scope.Contains("/" + allowed.Scope, StringComparison.Ordinal);

    /// <summary>The service gets a token of its identity for each call.</summary>
    private static bool IsKnown(JsonElement template) =>
        template.GetProperty("auth") is var auth && auth.GetProperty("type").GetString() == "ManagedIdentity"
        && auth.GetProperty("managedIdentity").GetProperty("resource").GetString() is { Length: > 0 };

    /// <summary>The app asks for that token: of this identity, for the same audience.</summary>
    private static IEnumerable<string> NotAsked(Deployment deployment)
    {
        var audience = deployment.OfType("Microsoft.SignalRService/signalR")
            .SelectMany(r => r["upstream.templates"].EnumerateArray()).Where(IsKnown)
            .Select(t => t.GetProperty("auth").GetProperty("managedIdentity").GetProperty("resource").GetString());
        var settings = deployment.Settings;
        return settings.GetValueOrDefault("Realtime__UpstreamIdentity")?.Contains(SignalRIdentity, StringComparison.Ordinal) is true
            && settings.GetValueOrDefault("Realtime__UpstreamTenant") is { Length: > 0 }
            && audience.All(a => a == settings.GetValueOrDefault("Realtime__UpstreamAudience"))
            ? []
            : ["The app does not ask events for the token of the SignalR service's identity."];
    }

    private static string Last(Resource assignment) => assignment["roleDefinitionId"].GetString()!.Split('/')[^1];

    private static bool IsSecret(string name, string value)
    {
        if (value.Contains("@Microsoft.KeyVault(", StringComparison.Ordinal))
        {
            return false;
        }

        string[] names = ["password", "secret", "signingkey", "accesskey", "accountkey", "apikey"];
        return Array.Exists(names, n => name.Contains(n, StringComparison.OrdinalIgnoreCase))
            || value.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase)
            || value.Contains("AccessKey=", StringComparison.OrdinalIgnoreCase)
            || value.Contains("sig=", StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Words(string text)
        => new[] { "listKeys(", "listAccountSas(", "listServiceSas(", "listSecrets(", "primaryKey", "primaryConnectionString" }
        .Where(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
