using System.CommandLine;
using System.Text.Json;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox rates …</c>: prices of one project that are not the standard ones.</summary>
internal static class RateCommands
{
    public static Command Create(Runner runner) => new("rates", "Prices of one project that are not the standard ones.")
    {
        List(runner), Set(runner), TakeBack(runner),
    };

    private static Command List(Runner runner)
    {
        var project = ProjectCommands.Project();
        Command command = new("list", "All changes of a project's prices.") { project };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            Write(output, await app.GetAsync(Path(parsed.GetRequiredValue(project)), cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(Runner runner)
    {
        var project = ProjectCommands.Project();
        Option<string> from = new("--from") { Description = "The first day, UTC: 2026-12-31. Today at the earliest.", Required = true };
        Option<string?> users = new("--user-prices") { Description = "As in Billing__UserPrices. Default: the standard prices." };
        Option<string?> files = new("--storage-prices") { Description = "As in Billing__StoragePrices. Default: the standard prices." };
        Command command = new("set", "Change the prices from a day on. With the day alone: back to the standard prices.")
        {
            project, from, users, files,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var wanted = new
            {
                from = parsed.GetRequiredValue(from),
                userPrices = parsed.GetValue(users),
                storagePrices = parsed.GetValue(files),
            };
            Write(output, await app.PutAsync(Path(parsed.GetRequiredValue(project)), wanted, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command TakeBack(Runner runner)
    {
        var project = ProjectCommands.Project();
        Option<string> from = new("--from") { Description = "The first day of the change.", Required = true };
        Command command = new("take-back", "Take back a change that has not begun.") { project, from };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var path = $"{Path(parsed.GetRequiredValue(project))}?from={Uri.EscapeDataString(parsed.GetRequiredValue(from))}";
            Write(output, await app.DeleteAsync(path, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Path(string project) => ProjectCommands.Path(project) + "/rates";

    private static void Write(Output output, JsonElement rates) => output.Write(rates, writer => Output.Table(
        writer, ["FROM", "USERS", "STORAGE"],
        rates.GetProperty("changes").EnumerateArray().Select(
            c => (string?[])[c.Text("from"), c.Text("userPrices") ?? "standard", c.Text("storagePrices") ?? "standard"])));
}
