using System.Diagnostics;
using System.Text.Json;
using Vox.DevHost.DevTools;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Tool;

/// <summary>
/// From nothing to two users who chat, as docs/operations.md says it: the hooks of azure.yaml, the link that they print, <c>vox</c>. Only
/// Azure itself is left out: az and azd are stand-ins that write down each call, and the app and its services run here.
/// </summary>
public sealed class RehearsalTests(PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private const string Email = "olga@example.com";

    /// <summary>The first on the path, before the stand-in is put there.</summary>
    private static readonly string Dotnet = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(place => Path.Combine(place, "dotnet")).First(File.Exists);

    private readonly string folder = Directory.CreateTempSubdirectory("vox-rehearsal-").FullName;

    [Fact]
    public async Task AzdUp_FromNothing_LeadsToAProjectWhoseUsersChat()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts need bash.");
        await using var signalR = await OwnSignalR.StartAsync();
        await using var app = await portal.StartAsync(
            settings: [signalR.Setting, "Mail:Folder=", "Billing:Sandbox=", "Files:SetBlobCors=true"]);
        await PrepareAsync();

        var output = "";
        foreach (var hook in await HooksAsync())
        {
            output = await RunAsync(app, "sh", "-c", hook);
        }

        // What the scripts have handed over is what the SignalR service calls the app with.
        var handed = await File.ReadAllTextAsync(Path.Combine(folder, "secret"), TestContext.Current.CancellationToken);
        signalR.Service.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=" + handed).ToString());

        // The link that they print makes the account, although no e-mail can be sent, and signs in.
        var link = new Uri(output.Split('\n').Single(line => line.Contains("/portal/welcome?token=", StringComparison.Ordinal)).Trim());
        using var operatorAtThePortal = portal.NewClient(app);
        await operatorAtThePortal.PostJsonAsync(
            "sign-in-links/use", SignInLinkTests.Account(Uri.UnescapeDataString(link.Query["?token=".Length..])));
        await operatorAtThePortal.LoadSessionAsync();

        // Nothing is wrong but what this start leaves out.
        var doctor = await RunAsync(app, 1, "infra-bicep/scripts/vox", "doctor");
        Assert.StartsWith(
            "ERROR   mail: ", Assert.Single(doctor.Split('\n'), line => line.StartsWith("ERROR", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        var keys = JsonSerializer.Deserialize<JsonElement>(
            await RunAsync(app, "infra-bicep/scripts/vox", "projects", "create", "Shop", "--owner", Email, "--json"));
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        Assert.Equal("owner", (await operatorAtThePortal.GetAsync("projects/" + project.Id)).GetProperty("role").GetString());

        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await using var live = await bob.ConnectAsync();
        await alice.SendMessageAsync("bob", "Hello from a fresh deployment");
        Assert.Equal("Hello from a fresh deployment", (await live.NextMessageAsync()).GetProperty("data").GetString());

        // The next azd up makes no further link, and no secret was in the arguments of a program.
        Assert.Contains(Email + " has an account", await RunAsync(app, "sh", "-c", (await HooksAsync())[1]), StringComparison.Ordinal);
        var calls = await File.ReadAllTextAsync(Path.Combine(folder, "calls"), TestContext.Current.CancellationToken);
        Assert.Contains("--query masterKey", calls, StringComparison.Ordinal);
        Assert.Contains("azd env set VOX_OPERATOR_EMAIL " + Email, calls, StringComparison.Ordinal);
        Assert.DoesNotContain("local-master-key", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("local-signalr-key", calls, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<List<string>> HooksAsync() =>
    [
        .. (await File.ReadAllLinesAsync(Path.Combine(LocalPaths.Repository, "azure.yaml")))
            .Select(line => line.Trim()).Where(line => line.StartsWith("run:", StringComparison.Ordinal))
            .Select(line => line["run:".Length..].Trim()),
    ];

    /// <summary>The scripts, where they are in a checkout, and the stand-ins for what they call.</summary>
    private async Task PrepareAsync()
    {
        var scripts = Path.Combine(LocalPaths.Repository, "infra-bicep", "scripts");
        var copy = Directory.CreateDirectory(Path.Combine(folder, "infra-bicep", "scripts")).FullName;
        foreach (var script in Directory.EnumerateFiles(scripts))
        {
            File.Copy(script, Path.Combine(copy, Path.GetFileName(script)));
        }

        Directory.CreateDirectory(Path.Combine(folder, "functions", "tool"));
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        await CommandAsync("az", FakeAzureCli.Script);
        await CommandAsync("azd", "#!/bin/sh\necho \"azd $*\" >> \"$FAKE/calls\"\n");
        await CommandAsync("zip", "#!/bin/sh\nprintf 'zip' > ../app.zip\n");
        // What is released is this very build; the tool is run from it, too.
        await CommandAsync("dotnet", $$"""
            #!/usr/bin/env bash
            if [ "$1" = run ]; then
              while [ "$1" != -- ]; do shift; done
              shift
              exec {{Dotnet}} '{{typeof(OperatorTool.VoxTool).Assembly.Location}}' "$@"
            fi
            mkdir -p out/app/.azurefunctions
            for file in host.json worker.config.json functions.metadata; do touch out/app/$file; done
            echo SignalR > out/app/extensions.json
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), "local-signalr-key\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "master"), "local-master-key\n");
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

    /// <summary>Expects success.</summary>
    private Task<string> RunAsync(VoxApp app, string program, params string[] arguments) => RunAsync(app, 0, program, arguments);

    private async Task<string> RunAsync(VoxApp app, int exit, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, program) is var own && File.Exists(own) ? own : program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in ((string, string)[])
        [
            ("PATH", $"{Path.Combine(folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("FAKE", folder), ("VOX_ALERT_EMAIL", Email + " others@example.com"), ("HOSTING", "FlexConsumption"), ("RESOURCE_GROUP", "rg"),
            ("APP_NAME", "app"), ("STATE_ACCOUNT", "state"), ("AZURE_SUBSCRIPTION_ID", "subscription-1"), ("VAULT_NAME", "vault"),
            ("SIGNALR_PRINCIPAL_ID", "identity"), ("SIGNALR_KEY_NAME", "signalr-upstream-key"), ("RETRY_SECONDS", "0"),
            ("PUBLIC_URL", app.Address.ToString().TrimEnd('/')),
        ])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == exit, await output + await error);
        return await output;
    }
}
