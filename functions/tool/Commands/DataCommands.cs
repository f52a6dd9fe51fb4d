using System.CommandLine;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox data …</c>: data protection of a project.</summary>
internal static class DataCommands
{
    public static Command Create(Runner runner) => new("data", "Erase, export, hold and keep the data of a project.")
    {
        Erase(runner), Erasures(runner), Export(runner), Exports(runner), ExportLink(runner), HoldCommands.List(runner),
        HoldCommands.Set(runner), HoldCommands.Lift(runner), Retention(runner),
    };

    private static Command Erase(Runner runner)
    {
        var project = ProjectCommands.Project();
        Option<string?> user = new("--user") { Description = "The username of who is to be erased." };
        Option<bool> former = new("--former") { Description = "With --user: also those who had this username and were deleted." };
        Option<string?> conversation = new("--conversation") { Description = "The id of a conversation: its texts and files go." };
        Option<string?> all = new("--all-of") { Description = "The project's name, exactly: everything in the project goes." };
        Command command = new("erase", "Erase a user, a conversation or the project, for good. Name one of the three.")
        {
            project, user, former, conversation, all,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var wanted = new
            {
                username = parsed.GetValue(user),
                former = parsed.GetValue(former) ? true : (bool?)null,
                conversation = parsed.GetValue(conversation),
                confirmation = parsed.GetValue(all),
            };
            var begun = await app.PostAsync(Path(parsed.GetRequiredValue(project)) + "/erasures", wanted, cancellationToken);
            output.Write(begun, writer =>
            {
                writer.WriteLine($"Erasure {begun.Text("id")} has begun. The last search follows at {begun.Text("nextAt")} UTC or later.");
                writer.WriteLine("vox data erasures shows when it is done: that is the proof.");
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Erasures(Runner runner)
    {
        var project = ProjectCommands.Project();
        Command command = new("erasures", "Erasures of a project, newest first, also of one that was erased itself.") { project };
        Paging paging = new();
        paging.AddTo(command);
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var page = await paging.ReadAsync(
                parsed, app, Path(parsed.GetRequiredValue(project)) + "/erasures", "erasures", cancellationToken);
            output.Write(page, writer =>
            {
                Output.Table(
                    writer, ["ID", "KIND", "STATE", "REQUESTED (UTC)", "DONE (UTC)", "MESSAGES", "FILES"],
                    page.GetProperty("erasures").EnumerateArray().Select(e => (string?[])
                    [
                        e.Text("id"), e.Text("kind"), e.Text("state"), e.Text("requestedAt"), e.Text("doneAt"), e.Text("messages"),
                        e.Text("files"),
                    ]));
                Paging.WriteNext(writer, page);
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Export(Runner runner)
    {
        var project = ProjectCommands.Project();
        Option<string?> user = new("--user") { Description = "Only what is stored about this user." };
        Command command = new("export", "Write an archive of a project, or of one user.") { project, user };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var begun = await app.PostAsync(
                Path(parsed.GetRequiredValue(project)) + "/exports", new { username = parsed.GetValue(user) }, cancellationToken);
            output.Write(begun, writer =>
                writer.WriteLine($"Export {begun.Text("id")} has begun. When it is ready: vox data export-link, with this id."));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Exports(Runner runner)
    {
        var project = ProjectCommands.Project();
        Command command = new("exports", "Archives of a project, newest first.") { project };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var list = await app.GetAsync(Path(parsed.GetRequiredValue(project)) + "/exports", cancellationToken);
            output.Write(list, writer => Output.Table(
                writer, ["ID", "KIND", "STATE", "USER", "REQUESTED (UTC)", "BYTES", "EXPIRES (UTC)"],
                list.GetProperty("exports").EnumerateArray().Select(e => (string?[])
                [
                    e.Text("id"), e.Text("kind"), e.Text("state"), e.Text("subject"), e.Text("requestedAt"), e.Text("bytes"),
                    e.Text("expiresAt"),
                ])));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command ExportLink(Runner runner)
    {
        var project = ProjectCommands.Project();
        Argument<string> export = new("export") { Description = "The id of an export that is ready." };
        Command command = new("export-link", "Where an archive can be downloaded, for a quarter of an hour, by whoever has the address.")
        {
            project, export,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var id = Uri.EscapeDataString(parsed.GetRequiredValue(export));
            var link = await app.PostAsync(
                $"{Path(parsed.GetRequiredValue(project))}/exports/{id}/link", new { }, cancellationToken);
            output.Write(link, writer => writer.WriteLine(link.Text("url")));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Retention(Runner runner)
    {
        var project = ProjectCommands.Project();
        Option<int?> log = new("--log-days") { Description = "Days for which rows of the log are kept: 1–3650; 0 for ever." };
        Option<int?> messages = new("--message-days") { Description = "The same for messages, with the files that were sent with them." };
        Option<int?> files = new("--file-days") { Description = "The same for files." };
        Command command = new("retention", "How long a project keeps its data. Without options it is shown and not changed.")
        {
            project, log, messages, files,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var path = Path(parsed.GetRequiredValue(project)) + "/retention";
            var wanted = new
            {
                logDays = parsed.GetValue(log),
                messageDays = parsed.GetValue(messages),
                fileDays = parsed.GetValue(files),
            };
            var kept = (wanted.logDays ?? wanted.messageDays ?? wanted.fileDays) is null
                ? await app.GetAsync(path, cancellationToken)
                : await app.PutAsync(path, wanted, cancellationToken);
            output.Write(kept, writer => Output.Table(
                writer, ["LOG", "MESSAGES", "FILES"],
                [[Days(kept.Text("logDays")), Days(kept.Text("messageDays")), Days(kept.Text("fileDays"))]]));
            return ExitCodes.Done;
        });
        return command;
    }

    internal static string Path(string project) => ProjectCommands.Path(project) + "/data";

    private static string Days(string? days) => days == "0" ? "for ever" : days + " days";
}
