using System.CommandLine;

namespace Vox.OperatorTool;

/// <summary>Gives a command the app that it is for, and a place to write.</summary>
internal sealed class Runner(Surroundings surroundings, Option<string?> url, Option<bool> json)
{
    public Surroundings Surroundings => surroundings;

    /// <summary>Sets what a command does with the app.</summary>
    public void Set(Command command, Func<ParseResult, AppClient, Output, CancellationToken, Task<int>> act) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var app = new AppClient(Address(parsed.GetValue(url)), new MasterKey(surroundings));
            return await act(parsed, app, new Output(surroundings.Output, parsed.GetValue(json)), cancellationToken);
        });

    private Uri Address(string? given)
    {
        var text = given ?? surroundings.Variable("VOX_URL") ?? surroundings.Variable("PUBLIC_URL");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ToolException(ExitCodes.Usage, "Which app? Give --url, or set VOX_URL (after azd up: azd env get-value PUBLIC_URL).");
        }

        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? address
            : throw new ToolException(ExitCodes.Usage, $"{text} is not an address, such as https://chat.example.com.");
    }
}
