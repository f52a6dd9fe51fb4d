using System.CommandLine;
using System.Text.Json;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox projects services</c> and <c>vox projects move</c>: where the live connections of a project are.</summary>
internal static class MoveCommands
{
    public static Command Services(Runner runner)
    {
        var project = ProjectCommands.Project();
        Command command = new("services", "The SignalR services of a project, and how far a move is.") { project };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            Write(output, await app.GetAsync(Path(parsed.GetRequiredValue(project)), cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Move(Runner runner)
    {
        var project = ProjectCommands.Project();
        Argument<int[]> services = new("services")
        {
            Description = "Numbers of SignalR services: one, or several over which its users are spread.",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new(
            "move", "Move a project to another SignalR service while it is in use. Naming the former services turns it back.")
        {
            project, services,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var wanted = new { services = parsed.GetRequiredValue(services) };
            Write(output, await app.PutAsync(Path(parsed.GetRequiredValue(project)), wanted, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Path(string project) => ProjectCommands.Path(project) + "/services";

    private static void Write(Output output, JsonElement found) => output.Write(found, writer =>
    {
        writer.WriteLine($"Services      {Numbers(found, "services")}");
        if (found.GetProperty("movingFrom").GetArrayLength() > 0)
        {
            writer.WriteLine($"Moving from   {Numbers(found, "movingFrom")}");
            writer.WriteLine($"New connections go to the new services from {found.Text("switchesAt")} UTC on.");
            writer.WriteLine($"Users told to connect anew so far: {found.Text("reconnected") ?? "0"}");
        }

        writer.WriteLine($"There are     {Numbers(found, "available")}");
    });

    private static string Numbers(JsonElement found, string name) =>
        string.Join(", ", found.GetProperty(name).EnumerateArray().Select(number => number.GetInt32()));
}
