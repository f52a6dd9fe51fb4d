using System.CommandLine;

namespace Vox.OperatorTool.Commands;

/// <summary><c>vox sign-in-link</c></summary>
internal static class SignInLinkCommand
{
    public static Command Create(Runner runner)
    {
        Argument<string> email = new("email") { Description = "Of the person whom the link lets in." };
        Option<bool> onlyNew = new("--only-new") { Description = "Make no link if there is an account for the address already." };
        Command command = new(
            "sign-in-link",
            "Make a link that signs in to the portal once, within 24 hours, without e-mail. It makes the account if there is none.")
        {
            email, onlyNew,
        };
        runner.Set(command, async (parsed, app, output, cancellationToken) =>
        {
            var answer = await app.PostAsync(
                "sign-in-links", new { email = parsed.GetRequiredValue(email), onlyNew = parsed.GetValue(onlyNew) }, cancellationToken);
            output.Write(answer, writer =>
            {
                if (answer.Text("link") is not { } link)
                {
                    writer.WriteLine($"{answer.Text("email")} has an account: {new Uri(app.Address, "portal/")}");
                    return;
                }

                writer.WriteLine(link);
                writer.WriteLine(
                    $"{(answer.Text("hasAccount") == "yes" ? "Signs in" : "Makes the account of")} {answer.Text("email")}, once, until "
                    + $"{answer.Text("expiresAt")} UTC. It is as good as a password.");
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
