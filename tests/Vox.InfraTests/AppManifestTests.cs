using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Chat.Realtime;
using Vox.Platform.Storage;

namespace Vox.Tests;

/// <summary>infra-bicep/app.json and modules/settings.bicep against the code.</summary>
public sealed partial class AppManifestTests
{
    /// <summary>Read by the Functions host, its extensions or the Azure SDK, not by an options class.</summary>
    private static readonly string[] ReadByThePlatform =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
        "AzureSignalRConnectionString__serviceUri", "AzureSignalRConnectionString__credential", "AzureSignalRConnectionString__clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "AZURE_CLIENT_ID",
        "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID", "WebhookQueue", "PushQueue",
    ];

    private static readonly JsonElement Manifest =
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Bicep.Infrastructure, "app.json")));

    [Fact]
    public void Tables_InTheManifest_AreThoseThatTheCodeUses() =>
        Same("tables", TableName().Matches(Sources()).Select(m => m.Groups[1].Value));

    [Fact]
    public void Containers_InTheManifest_AreThoseThatTheCodeUses() =>
        Same(
            "containers", ContainerName().Matches(Sources()).Select(m => m.Groups[1].Value), item => item.GetProperty("name").GetString()!);

    [Fact]
    public void Timers_InTheManifest_AreThoseThatTheCodeHas() => Same(
        "timers",
        typeof(Program).Assembly.GetExportedTypes().SelectMany(t => t.GetMethods())
            .Where(m => m.GetParameters().Any(p => p.GetCustomAttribute<TimerTriggerAttribute>() is not null))
            .Select(m => m.GetCustomAttribute<FunctionAttribute>()!.Name),
        item => item.GetProperty("function").GetString()!);

    [Fact]
    public void HubAndPrefix_InTheManifest_AreTheCodes()
    {
        Assert.Equal(RealtimeOptions.Hub, Manifest.GetProperty("hub").GetString());
        Assert.Equal(new StorageOptions().TablePrefix, Manifest.GetProperty("tablePrefix").GetString());
    }

    [Theory]
    [InlineData("FlexConsumption")]
    [InlineData("Consumption")]
    public async Task Settings_OfTheTemplate_AreAllRead(string hosting)
    {
        var deployment = await Bicep.PredictAsync(
            Bicep.Infrastructure, "main.bicepparam", ("VOX_HOSTING", hosting), ("VOX_SIGNALR_FURTHER_UNITS", "10"));
        var options = typeof(Program).Assembly.GetTypes()
            .Select(type => (
                Section: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string, Type: type))
            .Where(o => o.Section is not null)
            .SelectMany(o => o.Type.GetProperties().Select(p => $"{o.Section!.Replace(":", "__", StringComparison.Ordinal)}__{p.Name}"))
            .ToHashSet(StringComparer.Ordinal);

        // Of a list, such as Realtime__Services__1, the options class has the name without the number.
        Assert.Empty(deployment.Settings.Keys.Select(name => Number().Replace(name, ""))
            .Except(ReadByThePlatform, StringComparer.Ordinal).Except(options, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Settings_OfTheTemplate_AreEnoughForTheAppToStart()
    {
        var deployment = await Bicep.PredictAsync(Bicep.Infrastructure, "prod.bicepparam");
        var builder = Program.CreateBuilder(["--Demo:File="]);
        builder.Configuration.AddInMemoryCollection(deployment.Settings.ToDictionary(
            s => s.Key.Replace("__", ":", StringComparison.Ordinal),
            s => (string?)Deployed(s.Key, s.Value),
            StringComparer.OrdinalIgnoreCase));
        builder.Configuration.AddInMemoryCollection([new("AzureWebJobsStorage", null), new("AzureSignalRConnectionString", null)]);
        using var host = builder.Build();

        host.Services.GetRequiredService<IStartupValidator>().Validate();

        // The app connects by its identity, and to the account of the data. Checking this needs no request.
        Assert.Equal(
            deployment.Settings["Storage__AccountName"], host.Services.GetRequiredService<IOptions<StorageOptions>>().Value.AccountName);
        Assert.NotNull(host.Services.GetRequiredService<StorageClients>().Table("projects"));
        // A fresh deployment can write to those who sign up.
        Assert.True(host.Services.GetRequiredService<IOptions<Vox.Platform.Mail.MailOptions>>().Value.IsConfigured);
        Assert.True(SignalRConnection.From(builder.Configuration) is { AccessKey: null, Endpoint.Host: "vox.service.signalr.net" });
    }

    /// <summary>The value of a setting after the deployment. Values that only Azure knows are replaced.</summary>
    private static string Deployed(string name, string value) => value switch
    {
        _ when !value.StartsWith('[') => value,
        _ when name.EndsWith("serviceUri", StringComparison.Ordinal) => "https://vox.service.signalr.net",
        _ when name == "APPLICATIONINSIGHTS_CONNECTION_STRING" => "",
        _ when name == "Realtime__UpstreamAuthority" => "https://login.microsoftonline.com/",
        _ when name == "Mail__Endpoint" => "https://vox.europe.communication.azure.com",
        _ when name == "Mail__From" => "VoxFunctions <DoNotReply@vox.azurecomm.net>",
        _ when name == "Security__KeyVaultKey" => "https://vox.vault.azure.net/keys/data-protection",
        _ => "00000000-0000-0000-0000-000000000003",
    };

    private static void Same(string what, IEnumerable<string> code, Func<JsonElement, string>? nameOf = null)
    {
        var listed = Manifest.GetProperty(what).EnumerateArray()
            .Select(nameOf ?? (item => item.GetString()!)).ToHashSet(StringComparer.Ordinal);
        var used = code.ToHashSet(StringComparer.Ordinal);
        Assert.True(used.SetEquals(listed), $"infra-bicep/app.json, {what}: "
            + $"add [{string.Join(", ", used.Except(listed))}], remove [{string.Join(", ", listed.Except(used))}].");
    }

    private static string Sources() => string.Concat(Directory
        .EnumerateFiles(Path.Combine(Bicep.Repository, "functions/app"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText));

    [GeneratedRegex("__[0-9]+$")]
    private static partial Regex Number();

    [GeneratedRegex("""\.(?:Project)?Table\("(\w+)"[,)]""")]
    private static partial Regex TableName();

    [GeneratedRegex("""\.(?:Project|Upload)?Container\("([\w-]+)"\)""")]
    private static partial Regex ContainerName();
}
