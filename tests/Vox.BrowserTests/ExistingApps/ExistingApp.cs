using Vox.Tests.Fixture;

namespace Vox.Tests.ExistingApps;

/// <summary>A page with the app of <c>existing-app.html</c>, which was written as apps for the original are.</summary>
internal static class ExistingApp
{
    public static async Task<ChatPage> OpenAsync(Browser browser, TestProject project) => await ChatPage.OpenAsync(
        await browser.NewContextAsync(), project.App.Address,
        ChatPage.Resource("existing-app.html").Replace("%PROJECT%", project.Id, StringComparison.Ordinal));

    /// <summary>Logged in, with everything that the app asks for at first, and connected.</summary>
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

    /// <summary>Until its history is shown: what is said meanwhile would be in it too, and shown twice.</summary>
    public static async Task<string> OpenChatAsync(this ChatPage page, string id)
    {
        await page.EvaluateAsync("id => app.openChat(id)", id);
        await page.WaitForAsync($"app.open === '{id}' && document.querySelector('#messages').dataset.of === '{id}'");
        return id;
    }

    public static Task<string> SendTextAsync(this ChatPage page, string text)
        => page.EvaluateAsync<string>("text => app.sendText(text)", text);

    /// <summary>Until the app shows this status for the message.</summary>
    public static Task ShowsAsync(this ChatPage page, string chat, string id, string status) =>
        page.WaitForAsync($"app.history['{chat}'].find(m => m.id === '{id}')?.status === '{status}'");
}
