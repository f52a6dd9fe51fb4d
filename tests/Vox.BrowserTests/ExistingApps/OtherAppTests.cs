using Vox.Tests.Fixture;

namespace Vox.Tests.ExistingApps;

/// <summary>Habits of other apps.</summary>
public sealed class OtherAppTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task HandlersBeforeInitialize_AndInitializeWithEveryClick_Work()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, _) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await using var page = await browser.OpenAsync(backends.App.Address);

        await page.EvaluateAsync("""
            appId => {
              CS.call.onMessage(() => {});
              CS.chat.onMessage((type, message) => (window.types ??= []).push(`${type} ${message.data ?? ""}`));
              window.click = () => CS.initialize({ appId }, code => code === 200 && CS.login("bob", "secret", code => (window.logIns ??= []).push(code)));
              click();
              setTimeout(click, 100);
            }
            """, project.Id);
        await page.WaitForAsync("window.logIns?.length === 2 && CS.connectionState === 1");
        await alice.SendChatAsync("bob", "Hello");

        await page.WaitForAsync("window.types?.length === 1");
        Assert.Equal("200,200", await page.EvaluateAsync<string>("logIns.join()"));
        Assert.Equal("NEW-MESSAGE Hello", await page.EvaluateAsync<string>("types.join()"));
    }

    [Fact]
    public async Task BulkSender_WithoutAFlag_GoesToUsers()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var recipients = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => project.CreateUserAsync($"+4930{i}")));
        await using var page = await browser.LogInAsync(alice);

        await page.EvaluateAsync(
            "to => { for (const id of to) CS.chat.sendMessage(id, `For ${id}`, CS.chat.ChatType.TEXT_PLAIN, true, "
            + "code => (window.codes ??= []).push(code)); }",
            recipients.Select(r => r.LoginId).ToArray());

        await page.WaitForAsync("window.codes?.length === 10");
        Assert.All(await page.EvaluateAsync<int[]>("codes"), code => Assert.Equal(200, code));
        foreach (var recipient in recipients)
        {
            var conversations = await (await recipient.LogInAsync()).GetJsonAsync("/api/v1/conversations");
            Assert.Equal(
                $"For {recipient.LoginId}",
                conversations.GetProperty("conversations")[0].GetProperty("lastMessage").GetProperty("data").GetString());
        }
    }
}
