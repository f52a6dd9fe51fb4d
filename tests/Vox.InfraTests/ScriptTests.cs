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
    // Blobs are files; what is deployed is one more file.
    private const string FakeAzureCli = """
        #!/usr/bin/env bash
        set -euo pipefail
        echo "az $*" >> "$FAKE/calls"
        value() { local wanted="$1"; shift; while [ $# -gt 0 ]; do [ "$1" = "$wanted" ] && { echo "$2"; return; }; shift; done; }
        name="$(value --name "$@")"; file="$(value --file "$@")"; container="$FAKE/$(value --container-name "$@")"
        case "$1 $2 $3" in
          'storage blob list') ls "$container" 2>/dev/null || true ;;
          'storage blob exists') [ -e "$container/$name" ] && echo true || echo false ;;
          'storage blob upload') mkdir -p "$container"; cp "$file" "$container/$name"; [ "$name" != app.zip ] || cp "$file" "$FAKE/deployed" ;;
          'storage blob download') cp "$container/$name" "$file" ;;
          'storage blob delete') rm "$container/$name" ;;
          'functionapp deployment source') cp "$(value --src "$@")" "$FAKE/deployed" ;;
          'functionapp restart --resource-group') ;;
          'functionapp keys list') cat "$FAKE/key" 2>/dev/null || true ;;
          'functionapp keys set') echo renewed > "$FAKE/key" ;;
          'keyvault secret show') cat "$FAKE/secret" 2>/dev/null ;;
          'keyvault secret set') cp "$file" "$FAKE/secret" ;;
          *) echo "unexpected: $*" >&2; exit 9 ;;
        esac
        """;

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
        var az = Path.Combine(folder, "bin/az");
        await File.WriteAllTextAsync(az, FakeAzureCli);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

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

        // Arguments can be seen by others on the machine.
        Assert.DoesNotContain(
            "k1",
            await File.ReadAllTextAsync(Path.Combine(folder, "calls"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

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

    private string Package(string content)
    {
        var path = Path.Combine(folder, "package.zip");
        File.WriteAllText(path, content);
        return path;
    }

    private Task<(int Exit, string Output)> RunAsync(string script, string hosting, params string[] arguments) => Tool.RunAsync(
        "bash",
        [Path.Combine(Bicep.Infrastructure, "scripts", script), .. arguments],
        folder,
        [
            ("PATH", $"{Path.Combine(folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("FAKE", folder), ("HOSTING", hosting), ("RESOURCE_GROUP", "rg"), ("APP_NAME", "app"), ("STATE_ACCOUNT", "state"),
            ("VAULT_NAME", "vault"), ("SIGNALR_KEY_NAME", "signalr-upstream-key"), ("SMOKE_SECONDS", "1"), ("RETRY_SECONDS", "0"),
            ("APP_URL", app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        ]);
}
