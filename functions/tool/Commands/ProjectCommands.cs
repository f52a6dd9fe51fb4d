using System.CommandLine;
using System.Text.Json;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox projects …</c></summary>
internal static class ProjectCommands
{
    public static Command Create(Runner runner) => new("projects", "List, create and look after projects.")
    {
        List(runner), Show(runner), New(runner), RotateToken(runner), Invite(runner), MoveCommands.Services(runner),
        MoveCommands.Move(runner),
    };

    private static Command List(Runner runner)
    {
        Command command = new("list", "All projects, in the order of their ids.");
        Paging paging = new();
        paging.AddTo(command);
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var page = await paging.ReadAsync(parsed, app, "projects", "projects", cancellationToken);
            output.Write(page, writer =>
            {
                Output.Table(
                    writer, ["ID", "NAME", "CREATED (UTC)", "ACCOUNT"],
                    page.GetProperty("projects").EnumerateArray().Select(
                        p => (string?[])[p.Text("id"), p.Text("name"), p.Text("createdAt"), p.Text("account")]));
                Paging.WriteNext(writer, page);
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show(Runner runner)
    {
        var project = Project();
        Command command = new("show", "A project and its members.") { project };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var details = await app.GetAsync(Path(parsed.GetRequiredValue(project)), cancellationToken);
            output.Write(details, writer =>
            {
                var found = details.GetProperty("project");
                writer.WriteLine($"{found.Text("name")} ({found.Text("id")}), since {found.Text("createdAt")} UTC");
                writer.WriteLine($"Data in storage account {found.Text("account")}");
                writer.WriteLine();
                Output.Table(
                    writer, ["MEMBER", "NAME", "ROLE"],
                    details.GetProperty("members").EnumerateArray().Select(
                        m => (string?[])[m.Text("email"), m.Text("name"), m.Text("role")]));
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command New(Runner runner)
    {
        Argument<string> name = new("name") { Description = "Its name, for people." };
        Option<string?> owner = new("--owner") { Description = "E-mail address of the portal account that becomes its owner." };
        Command command = new("create", "Create a project. Its auth token is shown this once.") { name, owner };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var keys = await app.PostAsync(
                "projects", new { name = parsed.GetRequiredValue(name), email = parsed.GetValue(owner) }, cancellationToken);
            WriteKeys(output, keys);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command RotateToken(Runner runner)
    {
        var project = Project();
        Option<int> overlap = new("--overlap")
        {
            Description = "Hours for which the present token stays good: 0–168.",
            DefaultValueFactory = _ => 24,
        };
        Command command = new("rotate-token", "Make a new auth token, shown this once.") { project, overlap };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var keys = await app.PostAsync(
                Path(parsed.GetRequiredValue(project)) + "/token", new { overlapHours = parsed.GetValue(overlap) }, cancellationToken);
            WriteKeys(output, keys);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Invite(Runner runner)
    {
        var project = Project();
        Argument<string> email = new("email") { Description = "Of the person to invite." };
        Option<string> role = new("--role") { Description = "owner, admin or viewer.", DefaultValueFactory = _ => "owner" };
        role.AcceptOnlyFromAmong("owner", "admin", "viewer");
        Command command = new("invite", "Invite somebody to a project. Shows the link, which is also mailed if mail works.")
        {
            project, email, role,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var invitation = await app.PostAsync(
                Path(parsed.GetRequiredValue(project)) + "/members",
                new { email = parsed.GetRequiredValue(email), role = parsed.GetValue(role) }, cancellationToken);
            output.Write(invitation, writer =>
            {
                if (invitation.Text("link") is not { } link)
                {
                    writer.WriteLine($"{invitation.Text("email")} is a member already: {invitation.Text("role")}.");
                    return;
                }

                writer.WriteLine(link);
                writer.WriteLine(
                    $"For {invitation.Text("email")} as {invitation.Text("role")}, once, until {invitation.Text("expiresAt")} UTC. "
                    + (invitation.Text("mailed") == "yes" ? "It was sent by e-mail, too." : "No e-mail was sent: hand it over yourself."));
            });
            return ExitCodes.Done;
        });
        return command;
    }

    internal static Argument<string> Project() => new("project") { Description = "Its id: pid_…" };

    internal static string Path(string project) => "projects/" + Uri.EscapeDataString(project);

    private static void WriteKeys(Output output, JsonElement keys) => output.Write(keys, writer =>
    {
        writer.WriteLine($"Project id  {keys.Text("projectId")}");
        writer.WriteLine($"Auth token  {keys.Text("authToken")}");
        writer.WriteLine("The token is not stored and cannot be shown again.");
        if (keys.TryGetProperty("previousTokenUntil", out var until) && until.ValueKind == JsonValueKind.String)
        {
            writer.WriteLine($"The token before it is good until {until.GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
        }
    });
}
