using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

public sealed class WordListPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task Lists_TriedAndSaved_AreThereAgain()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.Project.Id}/word-lists");
        await using var _ = page.Context;
        var box = page.GetByRole(AriaRole.Region, new() { Name = "Try it" });
        await page.GetByLabel("Refuse").FillAsync("badword\n\n  *spam*  ");
        await page.GetByLabel("Mask").FillAsync("darn");
        await Expect(page.GetByText("2 entries.")).ToBeVisibleAsync();

        // As they stand in the form, before anything is saved.
        await box.GetByLabel("A message").FillAsync("No antispаm, please");
        await box.GetByRole(AriaRole.Button, new() { Name = "Try" }).ClickAsync();
        await Expect(box.GetByRole(AriaRole.Status)).ToContainTextAsync("Refused");
        await Expect(box.GetByRole(AriaRole.Status)).ToContainTextAsync("*spam*");
        await box.GetByLabel("A message").FillAsync("Oh d\u200Barn");
        await box.GetByRole(AriaRole.Button, new() { Name = "Try" }).ClickAsync();
        await Expect(box.GetByRole(AriaRole.Status)).ToContainTextAsync("Oh ****");
        Assert.Empty(await Axe.FindingsAsync(page, "word-lists"));
        await page.GetByLabel("Flag").FillAsync("x");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("flag[0] needs at least two letters");
        await page.GetByLabel("Flag").FillAsync("meet me");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("The lists were saved")).ToBeVisibleAsync();

        var phone = await world.OpenAsync(
            $"/portal/projects/{world.Project.Id}/word-lists", scheme: ColorScheme.Dark, width: 390, height: 844, phone: true);
        await using var mobile = phone.Context;
        await Expect(phone.GetByLabel("Refuse")).ToHaveValueAsync("badword\n*spam*");
        await Expect(phone.GetByLabel("Flag")).ToHaveValueAsync("meet me");
        Assert.Empty(await Axe.FindingsAsync(phone, "word-lists-phone-dark"));
        Assert.True(await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
    }
}
