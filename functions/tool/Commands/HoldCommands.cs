using System.CommandLine;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox data holds</c>, <c>hold</c> and <c>lift-hold</c>. What an operator has set, only operators lift.</summary>
internal static class HoldCommands
{
    public static Command List(Runner runner)
    {
        var project = ProjectCommands.Project();
        Command command = new("holds", "Legal holds of a project.") { project };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var list = await app.GetAsync(Path(parsed.GetRequiredValue(project)), cancellationToken);
            output.Write(list, writer => Output.Table(
                writer, ["ID", "KIND", "OF", "SET BY", "SET AT (UTC)", "REASON"],
                list.GetProperty("holds").EnumerateArray().Select(h => (string?[])
                    [h.Text("id"), h.Text("kind"), h.Text("target"), h.Text("setBy"), h.Text("setAt"), h.Text("reason")])));
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Set(Runner runner)
    {
        var project = ProjectCommands.Project();
        Option<string?> user = new("--user") { Description = "Keep what this user wrote and owns." };
        Option<string?> conversation = new("--conversation") { Description = "Keep this conversation." };
        Option<string> reason = new("--reason") { Description = "Why, for people to read.", Required = true };
        Command command = new("hold", "Set a legal hold on a user, a conversation or, with neither, the project.")
        {
            project, user, conversation, reason,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var wanted = new
            {
                username = parsed.GetValue(user),
                conversation = parsed.GetValue(conversation),
                reason = parsed.GetRequiredValue(reason),
            };
            var hold = await app.PostAsync(Path(parsed.GetRequiredValue(project)), wanted, cancellationToken);
            output.Write(hold, writer => writer.WriteLine($"Hold {hold.Text("id")} is set: nothing that it covers is erased."));
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Lift(Runner runner)
    {
        var project = ProjectCommands.Project();
        Argument<string> hold = new("hold") { Description = "The id of the hold." };
        Command command = new("lift-hold", "Lift a legal hold. Erasures that waited for it go on at once.") { project, hold };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var id = Uri.EscapeDataString(parsed.GetRequiredValue(hold));
            var done = await app.DeleteAsync($"{Path(parsed.GetRequiredValue(project))}?id={id}", cancellationToken);
            output.Write(done, writer => writer.WriteLine("The hold is lifted."));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Path(string project) => DataCommands.Path(project) + "/holds";
}
