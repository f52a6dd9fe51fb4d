using System.CommandLine;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox users …</c></summary>
internal static class UserCommands
{
    public static Command Create(Runner runner)
    {
        Argument<string> project = new("project") { Description = "The project's id: pid_…" };
        Option<string?> search = new("--search") { Description = "Only usernames that contain this text." };
        Command list = new("list", "The users of a project.") { project, search };
        Paging paging = new();
        paging.AddTo(list);
        runner.Set(list, async (parsed, app, output, cancellationToken) =>
        {
            var path = $"projects/{Uri.EscapeDataString(parsed.GetRequiredValue(project))}/users"
                + (parsed.GetValue(search) is { } text ? "?search=" + Uri.EscapeDataString(text) : "");
            var page = await paging.ReadAsync(parsed, app, path, "users", cancellationToken);
            output.Write(page, writer =>
            {
                Output.Table(
                    writer, ["USERNAME", "CREATED (UTC)", "DISABLED", "ONLINE"],
                    page.GetProperty("users").EnumerateArray().Select(
                        u => (string?[])[u.Text("username"), u.Text("createdAt"), u.Text("disabled"), u.Text("online")]));
                Paging.WriteNext(writer, page);
            });
            return ExitCodes.Done;
        });
        return new Command("users", "Look at the users of projects.") { list };
    }
}
