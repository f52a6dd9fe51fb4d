using System.Text;

namespace Vox.Tests;

/// <summary>.ci/audit.mjs, with registries that say what the test wants.</summary>
public sealed class AuditTests : IDisposable
{
    private const string Advisory = "GHSA-aaaa-bbbb-cccc";

    private readonly string folder = Directory.CreateTempSubdirectory("vox-audit-tests-").FullName;

    [Theory]
    [InlineData("high", 1)]
    [InlineData("critical", 1)]
    [InlineData("moderate", 0)]
    public async Task Audit_WeaknessOfAnNpmPackage_FailsFromHighOn(string severity, int exit)
    {
        var (code, output) = await AuditAsync(Npm(severity), "[]");

        Assert.True(code == exit, output);
        Assert.Contains(
            $"{(exit == 1 ? "FAILS" : "told")}: {severity}, left-pad <2.0.0 in functions/host, {Advisory}", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_WeaknessOfANuGetPackage_Fails()
    {
        var (code, output) = await AuditAsync(
            """{"vulnerabilities":{}}""", "[]",
            "app.csproj : warning NU1903: Package 'Some.Package' 1.2.3 has a known high severity vulnerability, "
                + "https://github.com/advisories/" + Advisory);

        Assert.True(code == 1, output);
        Assert.Contains($"FAILS: high, Some.Package 1.2.3 in NuGet, {Advisory}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-12-31", 0)]
    [InlineData("2026-12-01", 0)]
    [InlineData("2026-11-30", 1)]
    public async Task Audit_WeaknessThatIsAccepted_FailsAgainAfterItsDay(string until, int exit)
    {
        var (code, output) = await AuditAsync(
            Npm("high"), $$"""[{"id":"{{Advisory}}","reason":"only used while building","until":"{{until}}"}]""");

        Assert.True(code == exit, output);
    }

    [Fact]
    public async Task Audit_AcceptedWithoutAReason_Fails()
    {
        var (code, output) = await AuditAsync("""{"vulnerabilities":{}}""", $$"""[{"id":"{{Advisory}}","until":"2026-12-31"}]""");

        Assert.True(code == 1, output);
        Assert.Contains("reason", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_RegistriesHaveNoData_PassesAndSaysThatNobodyLooked()
    {
        var (code, output) = await AuditAsync("""{"message":"405 Method Not Allowed"}""", "[]", sourceHasData: false);

        Assert.True(code == 0, output);
        Assert.Contains("NOT CHECKED: NuGet", output, StringComparison.Ordinal);
        Assert.Contains("NOT CHECKED: npm, functions/portal: 405 Method Not Allowed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("No weakness", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Npm(string severity) =>
        $$$"""{"vulnerabilities":{"left-pad":{"via":["other",{"name":"left-pad","range":"<2.0.0","severity":"{{{severity}}}","url":"https://github.com/advisories/{{{Advisory}}}"}] } } }""";

    /// <summary>Runs the script with commands that only print.</summary>
    private async Task<(int Exit, string Output)> AuditAsync(
        string npm, string accepted, string restore = "Restored.", bool sourceHasData = true)
    {
        using var listener = new System.Net.HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var serving = ServeAsync(listener, sourceHasData);
        await CommandAsync("npm", npm);
        await CommandAsync("dotnet", restore, $"E http://127.0.0.1:{port}/index.json");
        var list = Path.Combine(folder, "accepted.json");
        await File.WriteAllTextAsync(list, accepted);
        var result = await Tool.RunAsync(
            "env",
            [
                $"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}", "VOX_AUDIT_DAY=2026-12-01", "VOX_AUDIT_ACCEPTED=" + list,
                "node", Path.Combine(Bicep.Repository, ".ci/audit.mjs"),
            ],
            Bicep.Repository);
        listener.Stop();
        await serving;
        return result;
    }

    private async Task CommandAsync(string name, string answer, string? sources = null)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".txt"), answer + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".sources.txt"), sources + "\n");
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nif [ \"$1\" = nuget ]; then cat '{path}.sources.txt'; else cat '{path}.txt'; fi\n");
        Assert.Equal(0, (await Tool.RunAsync("chmod", ["u+x", path], folder)).Exit);
    }

    private static async Task ServeAsync(System.Net.HttpListener listener, bool hasData)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                var type = hasData ? "VulnerabilityInfo/6.7.0" : "PackageBaseAddress/3.0.0";
                await context.Response.OutputStream.WriteAsync(
                    Encoding.UTF8.GetBytes($$"""{"resources":[{"@id":"x","@type":"{{type}}"}]}"""));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is System.Net.HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }
}
