namespace Vox.Tests;

/// <summary>Where backups go, and what the app may do there.</summary>
public sealed class BackupDeploymentTests
{
    private const string Policies = "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies";

    [Fact]
    public async Task Deploy_WithBackups_KeepsThemWhereTheAppCanOnlyAdd()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam");
        var account = Account(deployment)!;

        Assert.Equal(account.Name, deployment.Settings["Backup__Account"]);
        Assert.True(account.Is("allowSharedKeyAccess", false));
        var role = Assert.Single(
            deployment.OfType("Microsoft.Authorization/roleAssignments"),
            assignment => assignment.Id.Contains(account.Name, StringComparison.Ordinal));
        var condition = role["condition"].GetString()!;
        foreach (var action in new[] { "read", "write", "delete" })
        {
            Assert.Contains(
                $"!(ActionMatches{{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/{action}'}})", condition,
                StringComparison.Ordinal);
        }

        Assert.DoesNotContain("blobs/add", condition, StringComparison.Ordinal);
        Assert.True(role.Is("conditionVersion", "2.0"));
    }

    [Fact]
    public async Task Deploy_WithBackups_FreezesThemAndDeletesThemInTime()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam");
        var account = Account(deployment)!.Name;
        var frozen = Assert.Single(deployment.OfType(Policies))["immutabilityPeriodSinceCreationInDays"].GetInt32();
        var blobs = deployment.OfType("Microsoft.Storage/storageAccounts/blobServices")
            .Single(service => service.Name == account + "/default");
        var rules = deployment.OfType("Microsoft.Storage/storageAccounts/managementPolicies")
            .Single(policy => policy.Name == account + "/default")["policy.rules"].EnumerateArray().ToList();
        var actions = rules.Single(rule => rule.GetProperty("name").GetString() == "age-vox-backups").GetProperty("definition")
            .GetProperty("actions").GetProperty("baseBlob").GetProperty("delete");
        var deleted = actions.GetProperty("daysAfterModificationGreaterThan").GetInt32();

        Assert.True(blobs.Is("isVersioningEnabled", true));
        Assert.Equal(30, deleted + blobs["deleteRetentionPolicy.days"].GetInt32());

        // Two passes of 7 days are always there, and no rule wants to delete what is frozen.
        Assert.True(deleted > 14 && frozen < deleted, $"frozen for {frozen} days, deleted after {deleted}");
    }

    [Fact]
    public async Task Deploy_WithBackups_CanSetFilesBackToAnEarlierTime()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam");
        var data = deployment.OfType("Microsoft.Storage/storageAccounts/blobServices")
            .Single(service => service.Name.StartsWith("stvoxdata", StringComparison.Ordinal));

        Assert.True(data.Is("restorePolicy.enabled", true) && data.Is("changeFeed.enabled", true));
        Assert.True(data["restorePolicy.days"].GetInt32() < data["deleteRetentionPolicy.days"].GetInt32());
    }

    [Theory]
    [InlineData("", "westeurope", "Standard_GRS")]
    [InlineData("northeurope", "northeurope", "Standard_ZRS")]
    public async Task Deploy_WithBackups_HasACopyInAnotherRegion(string wanted, string location, string sku)
    {
        var account = Account(await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", ("VOX_BACKUP_LOCATION", wanted)))!;

        Assert.Equal(location, account.Json.GetProperty("location").GetString());
        Assert.Equal(sku, account.Json.GetProperty("sku").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Deploy_WithoutBackups_MakesNoneAndTellsTheApp()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "main.bicepparam", ("VOX_BACKUP", "false"));

        Assert.Null(Account(deployment));
        Assert.Empty(deployment.Settings["Backup__Account"]);
    }

    private static Resource? Account(Deployment deployment) => deployment.OfType("Microsoft.Storage/storageAccounts")
        .SingleOrDefault(account => account.Name.StartsWith("stvoxbak", StringComparison.Ordinal));
}
