using System.CommandLine;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox status</c></summary>
internal static class StatusCommand
{
    public static Command Create(Runner runner)
    {
        Command command = new(
            "status",
            "Whether the app works: what /api/health/details says, and whether rows of earlier releases are upgraded. vox doctor looks "
            + "closer.");
        runner.Set(command, async (_, app, output, cancellationToken) =>
        {
            var health = await app.SendAsync(HttpMethod.Get, "api/health/details", null, cancellationToken);
            var rows = await app.GetAsync("row-versions", cancellationToken);
            output.Write(new { health, rows }, writer =>
            {
                writer.WriteLine($"{app.Address} is {health.Text("status")}.");
                Output.Table(
                    writer, ["PART", "STATUS", "PROBLEM"],
                    health.GetProperty("parts").EnumerateArray().Select(
                        p => (string?[])[p.Text("part"), p.Text("status"), p.Text("problem")]));
                writer.WriteLine();
                Output.Table(
                    writer, ["TABLE", "SHAPE", "ROWS READ", "WERE OLDER", "PASS ENDED (UTC)"],
                    rows.GetProperty("tables").EnumerateArray().Select(t => (string?[])
                    [
                        t.Text("table"), t.Text("version"), t.Text("rows"), t.Text("changed"), t.Text("finishedAt") ?? "not yet",
                    ]));
            });
            return health.Text("status") == "ok" ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }
}
