using System.Text.Json;

namespace Vox.OperatorTool.Doctor;

/// <summary>All checks: what the app finds itself, and what only shows from outside.</summary>
internal sealed class Examination(AppClient app, Surroundings surroundings, string origin)
{
    /// <param name="live">Whether to try out the live channel.</param>
    /// <param name="mail">Where to send a test e-mail; null for none.</param>
    public async Task<List<Finding>> RunAsync(bool live, string? mail, CancellationToken cancellationToken)
    {
        OutsideChecks outside = new(app, surroundings.Time, origin);
        var findings = await outside.CheckAddressAsync(cancellationToken);
        if (findings.Exists(f => f is { Check: OutsideChecks.Reachable, Level: "error" }))
        {
            // Everything else would fail for the same reason.
            return findings;
        }

        var inside = await AskAppAsync(cancellationToken);
        findings.AddRange(inside);
        findings.Add(CheckPortal(inside));
        findings.Add(await outside.CheckCorsAsync(cancellationToken));
        findings.AddRange(await Task.WhenAll(inside
            .Where(f => f is { Check: "storage", Value: not null })
            .Select(f => outside.CheckBlobCorsAsync(new Uri(f.Value!), cancellationToken))));
        findings.Add(await outside.CheckUpstreamAsync(cancellationToken));
        if (live)
        {
            findings.AddRange(await new LiveCheck(app, surroundings).RunAsync(cancellationToken));
        }

        if (mail is not null)
        {
            findings.Add(await SendMailAsync(mail, cancellationToken));
        }

        return findings;
    }

    private async Task<List<Finding>> AskAppAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await app.GetAsync("checks", cancellationToken);
            return [.. answer.GetProperty("findings").EnumerateArray().Select(f => new Finding(
                f.Text("check")!, f.Text("level")!, f.Text("text")!, f.Text("remedy"), f.Text("value")))];
        }
        catch (ToolException e)
        {
            return [Finding.Error("app", e.Message, "Without the app's own checks only the outside is looked at.")];
        }
    }

    private Finding CheckPortal(List<Finding> inside)
    {
        const string Check = "portal address";
        return inside.Find(f => f is { Check: Check, Value: not null })?.Value is { } said
            && Uri.TryCreate(said, UriKind.Absolute, out var links) && links.Authority != app.Address.Authority
            ? Finding.Warning(
                Check, $"Links in e-mails lead to {links.Authority}, and this is {app.Address.Authority}.",
                "Set Portal__BaseUrl to the address that people use, or give vox that address.")
            : Finding.Ok(Check, "Links lead to the address that was checked.");
    }

    private async Task<Finding> SendMailAsync(string mail, CancellationToken cancellationToken)
    {
        const string Check = "test e-mail";
        try
        {
            var answer = await app.PostAsync("mail-tests", new { email = mail }, cancellationToken);
            return answer.Text("sent") == "yes"
                ? Finding.Ok(Check, $"Taken for {mail}: look whether it arrives.")
                : Finding.Error(Check, "The e-mail was not sent.", answer.Text("problem") ?? "See event 8000 in the log.");
        }
        catch (ToolException e)
        {
            return Finding.Error(Check, "The e-mail was not sent.", e.Message);
        }
    }
}
