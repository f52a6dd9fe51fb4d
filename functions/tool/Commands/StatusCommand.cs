using System.CommandLine;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox status</c></summary>
internal static class StatusCommand
{
    public static Command Create(Runner runner)
    {
        Command command = new("status", "Whether the app works: what /api/health/details says. vox doctor looks closer.");
        runner.Set(command, async (_, app, output, cancellationToken) =>
        {
            var health = await app.SendAsync(HttpMethod.Get, "api/health/details", null, cancellationToken);
            output.Write(health, writer =>
            {
                writer.WriteLine($"{app.Address} is {health.Text("status")}.");
                Output.Table(
                    writer, ["PART", "STATUS", "PROBLEM"],
                    health.GetProperty("parts").EnumerateArray().Select(
                        p => (string?[])[p.Text("part"), p.Text("status"), p.Text("problem")]));
            });
            return health.Text("status") == "ok" ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }
}
