using Vox.Tests.Fixture;

namespace Vox.Tests.ExistingApps;

/// <summary>A page with the app of <c>existing-app.html</c>, which is written like the apps for the original.</summary>
internal static class ExistingApp
{
    public static async Task<ChatPage> OpenAsync(Browser browser, TestProject project) => await ChatPage.OpenAsync(
        await browser.NewContextAsync(), project.App.Address,
        ChatPage.Resource("existing-app.html").Replace("%PROJECT%", project.Id, StringComparison.Ordinal));

    /// <summary>Logs in and connects, with everything that the app requests at the start.</summary>
    public static async Task<ChatPage> LogInAsync(Browser browser, TestUser user)
    {
        var page = await OpenAsync(browser, user.Project);
        await page.WaitForAsync("app.steps.includes('initialized')");
        await page.EvaluateAsync("([user, password]) => app.logIn(user, password)", new[] { user.LoginId, user.Password });
        await page.WaitForAsync("app.codes.pending === 200 && CS.connectionState === 1");
        return page;
    }

    public static Task<Couple> MeetAsync(Backends backends, Browser browser)
        => Couple.MeetAsync(backends, user => LogInAsync(browser, user));

    /// <summary>
    /// Opens a chat and waits until its history is shown. A message that came meanwhile would be in the history too, and would be shown
    /// twice.
    /// </summary>
    public static async Task<string> OpenChatAsync(this ChatPage page, string id)
    {
        await page.EvaluateAsync("id => app.openChat(id)", id);
        await page.WaitForAsync($"app.open === '{id}' && document.querySelector('#messages').dataset.of === '{id}'");
        return id;
    }

    public static Task<string> SendTextAsync(this ChatPage page, string text)
        => page.EvaluateAsync<string>("text => app.sendText(text)", text);

    /// <summary>Waits until the app shows this status for the message.</summary>
    public static Task ShowsAsync(this ChatPage page, string chat, string id, string status) =>
        page.WaitForAsync($"app.history['{chat}'].find(m => m.id === '{id}')?.status === '{status}'");
}
