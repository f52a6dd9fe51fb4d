using System.CommandLine;
using System.Text.Json;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox backup …</c></summary>
internal static class BackupCommands
{
    public static Command Create(Runner runner) => new("backup", "Look at the backup, restore from it, and repair after a failover.")
    {
        Status(runner), Restore(runner), Progress(runner), Failover(runner), RebuildLog(runner),
    };

    private static Command Status(Runner runner)
    {
        Command command = new("status", "How old the backup is.");
        runner.Set(command, async (_, app, output, cancellationToken) =>
        {
            var backup = await app.GetAsync("backup", cancellationToken);
            output.Write(backup, writer =>
            {
                writer.WriteLine(
                    backup.GetProperty("on").GetBoolean() ? "Changes are backed up." : "Nothing is backed up: set Backup__Account.");
                writer.WriteLine($"Exported through  {Time(backup, "exportedThrough")}");
                writer.WriteLine(
                    $"Last whole pass   {Time(backup, "passBegan")} to {Time(backup, "passEnded")}, {backup.Text("passRows")} rows");
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Restore(Runner runner)
    {
        Option<DateTimeOffset?> until = new("--until")
        {
            Description = "The time whose state is wanted, with its zone: 2026-11-30T08:15:00Z. Default: the newest.",
        };
        Command command = new("restore", "Restore into an empty account. The app must be in restore mode: Backup__Restoring.") { until };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            Write(output, await app.PostAsync("restore", new { until = parsed.GetValue(until) }, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Progress(Runner runner)
    {
        Command command = new("progress", "How far a restore, a repair after a failover or a rebuild of a log is.");
        runner.Set(command, async (_, app, output, cancellationToken) =>
        {
            Write(output, await app.GetAsync("restore", cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Failover(Runner runner)
    {
        Command command = new(
            "failover", "After a failover of the storage that lost the last minutes: renew all conversations. In restore mode.");
        runner.Set(command, async (_, app, output, cancellationToken) =>
        {
            Write(output, await app.PostAsync("failover", new { }, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command RebuildLog(Runner runner)
    {
        var project = ProjectCommands.Project();
        Command command = new("rebuild-log", "Make the log of a project anew from its conversations. In restore mode.") { project };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var path = ProjectCommands.Path(parsed.GetRequiredValue(project)) + "/log";
            Write(output, await app.PostAsync(path, new { }, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(Output output, JsonElement state) => output.Write(state, writer =>
    {
        writer.WriteLine($"Step           {state.Text("step")}");
        writer.WriteLine($"Started (UTC)  {state.Text("startedAt")}");
        writer.WriteLine($"Done (UTC)     {state.Text("finishedAt") ?? "not yet"}");
        writer.WriteLine(
            $"Restored       {state.Text("rows")} rows, {state.Text("conversations")} conversations, {state.Text("messages")} messages");
        writer.WriteLine($"Missing        {state.Text("missing")} messages");
        writer.WriteLine($"Logged         {state.Text("logged")} rows");
        if (state.Text("problem") is { Length: > 0 } problem)
        {
            writer.WriteLine($"The last run failed, the next one goes on: {problem}");
        }
    });

    private static string Time(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? DateTimeOffset.FromUnixTimeMilliseconds(value.GetInt64()).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss") + " UTC"
            : "never";
}
