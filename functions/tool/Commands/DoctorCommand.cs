using System.CommandLine;
using Vox.OperatorTool.Doctor;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Create(Runner runner)
    {
        Option<string?> mail = new("--mail") { Description = "Also sends a test e-mail to this address." };
        Option<string> origin = new("--origin")
        {
            Description = "Origin of a page that embeds the SDK, for the checks of CORS.",
            DefaultValueFactory = _ => "https://vox-doctor.example.com",
        };
        Option<bool> noLive = new("--no-live")
        {
            Description = "Leaves out the try-out of the live channel, which makes a project with two users and removes it again.",
        };
        Command command = new("doctor", "Checks a deployment from inside and outside. Each finding comes with its remedy.")
        {
            mail, origin, noLive,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var examination = new Examination(app, runner.Surroundings, parsed.GetValue(origin)!);
            var findings = await examination.RunAsync(!parsed.GetValue(noLive), parsed.GetValue(mail), cancellationToken);
            var errors = findings.Count(f => f.Level == "error");
            output.Write(new { findings }, writer =>
            {
                foreach (var finding in findings)
                {
                    writer.WriteLine($"{finding.Level.ToUpperInvariant(),-8}{finding.Check}: {finding.Text}");
                    if (finding.Remedy is { } remedy)
                    {
                        writer.WriteLine($"        → {remedy}");
                    }
                }

                writer.WriteLine();
                writer.WriteLine(
                    $"{findings.Count} checks: {errors} errors, {findings.Count(f => f.Level == "warning")} warnings.");
            });
            return errors == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }
}
