using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Portal;

/// <summary>What authors may do with messages that were sent, and what the usage history shows of it.</summary>
public sealed class MessageSettingsTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task ChatSettings_WindowsChosenByTheKeyboard_AreStored()
    {
        var page = await world.OpenAsync($"/portal/projects/{world.EmptyProjectId}/chat-settings");
        await using var _ = page.Context;
        var edit = page.GetByRole(AriaRole.Combobox, new() { Name = "Authors may edit their messages" });
        await Expect(edit).ToHaveValueAsync("For a day");

        await edit.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.GetByRole(AriaRole.Option, new() { Name = "For 15 minutes" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await Expect(edit).ToHaveValueAsync("For an hour");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Authors may delete for everyone" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Always" }).ClickAsync();
        await page.GetByRole(AriaRole.Switch, new() { Name = "Keep earlier texts of edited messages" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Update" }).ClickAsync();
        await Expect(page.GetByText("Settings saved")).ToBeVisibleAsync();

        var messages = (await world.Client.GetAsync($"projects/{world.EmptyProjectId}")).GetProperty("messages");
        Assert.Equal(
            (3_600, -1, true),
            (messages.GetProperty("editWindowSeconds").GetInt32(), messages.GetProperty("deleteWindowSeconds").GetInt32(),
                messages.GetProperty("keepVersions").GetBoolean()));
        // A program may have set something that is not in the list.
        var settings = await world.Client.GetAsync($"projects/{world.EmptyProjectId}");
        await world.Client.DoAsync(HttpMethod.Put, $"projects/{world.EmptyProjectId}/settings", new
        {
            logEnabled = true,
            allowedOrigins = Array.Empty<string>(),
            version = settings.GetProperty("version").GetString(),
            messages = new { editWindowSeconds = 7_200 },
        });
        await page.ReloadAsync();
        await Expect(edit).ToHaveValueAsync("For 7,200 seconds");
        Assert.Equal("", string.Join('\n', await Axe.FindingsAsync(page, "chat settings")));
    }

    [Theory]
    [InlineData(1_360, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task History_EditedAndDeletedMessages_AreMarked(int width, ColorScheme scheme)
    {
        await world.Client.DoAsync(
            HttpMethod.Put, $"projects/{world.Project.Id}/settings", new { messages = new { keepVersions = true } });
        var alice = await new TestUser(world.Project, "alice", "secret").LogInAsync();
        var (edited, deleted) = ($"Edited {width}", $"Gone {width}");
        var first = await alice.SendMessageAsync("bob", "The first text");
        var second = await alice.SendMessageAsync("bob", deleted);
        await ChangeAsync(alice, HttpMethod.Patch, first, new { data = edited });
        await ChangeAsync(alice, HttpMethod.Delete, second);

        var page = await world.OpenAsync(
            $"/portal/projects/{world.Project.Id}/history", scheme: scheme, width: width, height: 780, phone: width < 500);
        await using var _ = page.Context;
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = edited });
        await Expect(row.GetByText(new Regex("^Edited .*202", RegexOptions.None, TimeSpan.FromSeconds(1)))).ToBeVisibleAsync();
        await Expect(page.GetByText("Deleted for everyone").First).ToBeVisibleAsync();
        await Expect(page.GetByText(deleted)).ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Button, new() { Name = "Earlier texts" }).ClickAsync();
        await Expect(row.GetByRole(AriaRole.List, new() { Name = "Earlier texts" }).GetByRole(AriaRole.Listitem))
            .ToContainTextAsync("The first text");
        Assert.Equal("", string.Join('\n', await Axe.FindingsAsync(page, "history")));
        using var csv = await world.Client.Http.GetAsync($"projects/{world.Project.Id}/history.csv");
        var lines = (await csv.Content.ReadAsStringAsync()).Split('\n');
        Assert.EndsWith(",Change", lines[0].Trim(), StringComparison.Ordinal);
        Assert.EndsWith(
            ",edited", Assert.Single(lines, line => line.Contains(edited, StringComparison.Ordinal)).Trim(), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Trim().EndsWith(",deleted", StringComparison.Ordinal));
    }

    private static async Task ChangeAsync(TestSession user, HttpMethod method, JsonElement sent, object? body = null)
    {
        var (conversation, sequence) = (sent.GetProperty("conversation").GetString(), sent.GetProperty("sequence").GetInt64());
        using var request = new HttpRequestMessage(method, $"/api/v1/conversations/{conversation}/messages/{sequence}")
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using var answer = await user.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
