using System.CommandLine;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox timers …</c>: work of timers that fails.</summary>
internal static class TimerCommands
{
    public static Command Create(Runner runner) => new("timers", "Look at work of timers that fails, and have it tried again.")
    {
        List(runner), Retry(runner),
    };

    private static Command List(Runner runner)
    {
        Option<string?> timer = new("--timer") { Description = "Only of this timer, such as ChargeProjects." };
        Command command = new("list", "What fails, the newest failures last.") { timer };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var query = parsed.GetValue(timer) is { } name ? "?timer=" + Uri.EscapeDataString(name) : "";
            var answer = await app.GetAsync("timers/work" + query, cancellationToken);
            output.Write(answer, writer =>
            {
                if (answer.GetProperty("work").GetArrayLength() == 0)
                {
                    writer.WriteLine("Nothing fails.");
                    return;
                }

                Output.Table(
                    writer, ["TIMER", "ITEM", "ATTEMPTS", "SINCE", "AGAIN AT (UTC)", "SET ASIDE", "REASON"],
                    answer.GetProperty("work").EnumerateArray().Select(w => (string?[])
                    [
                        w.Text("timer"), w.Text("item"), w.Text("attempts"), w.Text("since"), w.Text("retryAt"), w.Text("setAside"),
                        w.Text("reason"),
                    ]));
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Retry(Runner runner)
    {
        Argument<string> timer = new("timer") { Description = "The timer, such as ChargeProjects." };
        Argument<string?> item = new("item")
        {
            Description = "One piece of its work, as listed. Default: all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = new("retry", "Have failing work taken up again at the next run.") { timer, item };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var answer = await app.PostAsync(
                "timers/work/retry", new { timer = parsed.GetRequiredValue(timer), item = parsed.GetValue(item) }, cancellationToken);
            output.Write(answer, writer => writer.WriteLine($"Taken up again: {answer.Text("count")}"));
            return ExitCodes.Done;
        });
        return command;
    }
}
