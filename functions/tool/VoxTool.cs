using System.CommandLine;
using Vox.OperatorTool.Commands;

namespace Vox.OperatorTool;

/// <summary>The command line: options that all commands have, and the commands.</summary>
internal sealed class VoxTool
{
    private readonly Surroundings surroundings;
    private readonly RootCommand root = new(
        """
        Looks after a deployment of VoxFunctions.

        The key is the master key of the function app. It is not an option, because others can read the arguments of a process and the
        history of a shell. It comes from the variable VOX_KEY, from the file that VOX_KEY_FILE names, or, if neither is set, from the Azure
        CLI: for that RESOURCE_GROUP and APP_NAME must be set (azd env get-values), and the caller needs the role Website Contributor.

        Exit codes: 0 done; 1 refused, or the doctor found an error; 2 wrong command line or missing setting; 3 no answer.
        """);

    public VoxTool(Surroundings surroundings)
    {
        this.surroundings = surroundings;
        Option<string?> url = new("--url")
        {
            Description = "Address of the app. Default: the variable VOX_URL, then PUBLIC_URL.",
            Recursive = true,
        };
        Option<bool> json = new("--json") { Description = "The answer as JSON, for programs.", Recursive = true };
        root.Options.Add(url);
        root.Options.Add(json);
        Runner runner = new(surroundings, url, json);
        root.Subcommands.Add(ProjectCommands.Create(runner));
        root.Subcommands.Add(UserCommands.Create(runner));
        root.Subcommands.Add(RateCommands.Create(runner));
        root.Subcommands.Add(DataCommands.Create(runner));
        root.Subcommands.Add(BackupCommands.Create(runner));
        root.Subcommands.Add(TimerCommands.Create(runner));
        root.Subcommands.Add(SignInLinkCommand.Create(runner));
        root.Subcommands.Add(StatusCommand.Create(runner));
        root.Subcommands.Add(DoctorCommand.Create(runner));
    }

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken = default)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await surroundings.Error.WriteLineAsync(error.Message);
            }

            await surroundings.Error.WriteLineAsync("vox --help shows the commands.");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = surroundings.Output,
                    Error = surroundings.Error,
                    EnableDefaultExceptionHandler = false,
                },
                cancellationToken);
        }
        catch (ToolException e)
        {
            await surroundings.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }
    }
}
