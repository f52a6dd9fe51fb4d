using System.ComponentModel;
using System.Diagnostics;

namespace Vox.OperatorTool;

/// <summary>Finds the master key when the first request needs it.</summary>
internal sealed class MasterKey(Surroundings surroundings)
{
    private string? key;

    /// <exception cref="ToolException">There is none.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken) => key ??= await FindAsync(cancellationToken);

    private async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        if (Text("VOX_KEY") is { } given)
        {
            return given;
        }

        if (Text("VOX_KEY_FILE") is { } file)
        {
            return File.Exists(file) && (await File.ReadAllTextAsync(file, cancellationToken)).Trim() is { Length: > 0 } stored
                ? stored
                : throw new ToolException(ExitCodes.Usage, $"VOX_KEY_FILE is {file}: there is no such file, or it is empty.");
        }

        if (Text("RESOURCE_GROUP") is not { } group || Text("APP_NAME") is not { } app)
        {
            throw new ToolException(
                ExitCodes.Usage,
                "No key: set VOX_KEY or VOX_KEY_FILE, or RESOURCE_GROUP and APP_NAME to have the Azure CLI fetch it. "
                + "vox --help says more.");
        }

        return await AskAzureAsync(group, app, cancellationToken);
    }

    private async Task<string> AskAzureAsync(string group, string app, CancellationToken cancellationToken)
    {
        List<string> arguments =
            ["functionapp", "keys", "list", "--resource-group", group, "--name", app, "--query", "masterKey", "--output", "tsv"];
        if (Text("AZURE_SUBSCRIPTION_ID") is { } subscription)
        {
            arguments.AddRange(["--subscription", subscription]);
        }

        // On Windows the Azure CLI is a batch file, which is not found by its name alone.
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "az.cmd" : "az", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 && (await output).Trim() is { Length: > 0 } found
                ? found
                : throw new ToolException(
                    ExitCodes.NotReached,
                    $"The Azure CLI gave no key of {app}: {(await error).Trim()} Log in (az login) with the role Website Contributor.");
        }
        catch (Win32Exception)
        {
            throw new ToolException(ExitCodes.NotReached, "The Azure CLI (az) is not there: install it, or set VOX_KEY.");
        }
    }

    private string? Text(string name) => surroundings.Variable(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
