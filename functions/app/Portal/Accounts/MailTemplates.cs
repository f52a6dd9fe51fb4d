using Vox.Platform.Mail;

namespace Vox.Portal.Accounts;

/// <summary>All e-mails that the portal sends, in one place. Names that people chose go through <see cref="MailName"/>.</summary>
internal static class MailTemplates
{
    public static MailMessage Activation(string to, string name, string link) => MailLayout.Compose(
        to, "Activate your Vox account", Hello(name), ["Welcome to Vox. Please confirm your e-mail address to activate your account:"],
        ("Activate account", link),
        ["The link is good once and for 24 hours. If you did not sign up, ignore this e-mail: nothing happens then."]);

    public static MailMessage AlreadyRegistered(string to, string name, string link) => MailLayout.Compose(
        to, "You have a Vox account already", Hello(name),
        ["Somebody, probably you, tried to sign up with this e-mail address, for which there is an account. "
            + "If you have forgotten the password, set a new one:"],
        ("Forgot password", link), ["If it was not you, ignore this e-mail: nothing has changed."]);

    public static MailMessage SignInCode(string to, string name, string code) => MailLayout.Compose(
        to, $"{code} is your Vox sign-in code", Hello(name), ["Your sign-in code is", code], null,
        ["It is good for 10 minutes. Nobody at Vox will ask you for it. "
            + "If you are not signing in, somebody knows your password: change it."]);

    public static MailMessage ResetPassword(string to, string name, string link) => MailLayout.Compose(
        to, "Set a new password for Vox", Hello(name), ["Follow this link to set a new password:"], ("Set a new password", link),
        ["The link is good once and for an hour. If you did not ask for it, ignore this e-mail: your password stays as it is."]);

    public static MailMessage PasswordChanged(string to, string name, string link) => MailLayout.Compose(
        to, "Your Vox password was changed", Hello(name),
        ["The password of your account was changed just now, and all other sessions were signed out. "
            + "If it was not you, set a new one at once:"],
        ("Forgot password", link), []);

    public static MailMessage SignInLinkMade(string to, string name) => MailLayout.Compose(
        to, "A sign-in link for your Vox account was made", Hello(name),
        ["An operator of this server has made a one-time link that signs in to your account. It is good for 24 hours."], null,
        ["If you did not ask for it, ask the operator. Your account's activity log shows when it is used."]);

    public static MailMessage Invitation(string to, string inviter, string project, string role, string link) => MailLayout.Compose(
        to, $"{MailName.Of(inviter, "A Vox developer")} invites you to {MailName.Of(project, "a project")}", "Hello,",
        [
            $"{MailName.Of(inviter, "A Vox developer")} invites you to work on the project “{MailName.Of(project, "without a name")}” "
                + $"on Vox as {role}.",
        ],
        ("Accept the invitation", link), ["The link is good once and for 7 days. Sign in, or sign up, with this e-mail address."]);

    public static MailMessage LowBalance(string to, string project, string balance, string link) => MailLayout.Compose(
        to, $"Credits of {MailName.Of(project, "a project")} are running low", "Hello,",
        [$"The balance of the project “{MailName.Of(project, "without a name")}” is {balance}."], ("Add credits", link), []);

    public static MailMessage WebhookDisabled(string to, string project, string url, string reason, string link) => MailLayout.Compose(
        to, $"A webhook of {MailName.Of(project, "a project")} was switched off", "Hello,",
        [
            $"The webhook endpoint {url} of the project “{MailName.Of(project, "without a name")}” gets no events any more. {reason}",
            "When it works again, switch it on.",
        ],
        ("Open the project", link), []);

    private static string Hello(string name) => MailName.Of(name, "") is { Length: > 0 } shown ? $"Hello {shown}," : "Hello,";
}
