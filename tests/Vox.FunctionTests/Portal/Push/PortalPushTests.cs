using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vox.Chat.Push;
using Vox.Tests.Devices;
using Vox.Tests.Fixture;
using Vox.Tests.Push;

namespace Vox.Tests.Portal;

public sealed class PortalPushTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Test_ToDevicesOfAUser_SaysWhatEachServiceSaidAndRemovesWhatIsGone()
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await portal.StartAsync(settings: station.Settings);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await ProjectAsync(app, client);
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var path = $"projects/{project.Id}/push";
        Assert.Equal((404, "user_not_found"), await client.RefusedAsync(HttpMethod.Post, path + "/test", new { username = "nobody" }));
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Post, path + "/test", new { username = "bob" }));
        var phone = Text(await bob.RegisterFcmAsync("phone"), "id");

        var before = await TestAsync(phone);
        Assert.Equal(("refused", "no_key"), (Text(before, "outcome"), Text(before, "reason")));
        Assert.Contains("upload its JSON file", Text(before, "explanation"), StringComparison.Ordinal);

        // The keys that were read a moment ago are known for a minute; another instance knows none yet.
        await using var second = await portal.StartAsync(tablePrefix: app.TablePrefix, settings: station.Settings);
        await station.GiveKeysAsync(second, project.Id);
        using var elsewhere = portal.NewClient(second);
        await elsewhere.SignInAsync(email: client.Email);
        var sent = await elsewhere.PostJsonAsync(path + "/test", new { username = "bob", device = phone });
        var result = Assert.Single(sent.GetProperty("results").EnumerateArray());
        Assert.Equal(("sent", phone, "fcm"), (Text(result, "outcome"), Text(result, "device"), Text(result, "kind")));
        Assert.False(result.TryGetProperty("reason", out _));
        var message = (await station.NextAsync()).Json.GetProperty("message");
        Assert.Equal("Test", Text(message.GetProperty("notification"), "title"));

        station.Answer = (_, context) =>
        {
            context.Response.StatusCode = 404;
            context.Response.WriteAsync("""{"error":{"code":404,"details":[{"errorCode":"UNREGISTERED"}]}}""").GetAwaiter().GetResult();
            return true;
        };
        sent = await elsewhere.PostJsonAsync(path + "/test", new { username = "bob" });
        result = Assert.Single(sent.GetProperty("results").EnumerateArray());
        Assert.Equal(("gone", "UNREGISTERED"), (Text(result, "outcome"), Text(result, "reason")));
        Assert.Empty((await client.GetAsync($"{path}/devices?username=bob")).GetProperty("devices").EnumerateArray());

        // Tests are no push messages of the project.
        Assert.Empty((await elsewhere.GetAsync(path + "/state")).GetProperty("days").EnumerateArray());
        var audit = (await client.GetAsync($"projects/{project.Id}/audit")).GetProperty("entries");
        Assert.Equal(
            ["bob: fcm gone", "bob: fcm sent", "bob: fcm refused"],
            audit.EnumerateArray().Where(entry => Text(entry, "action") == "user.push_tested").Select(entry => Text(entry, "detail")));

        async Task<JsonElement> TestAsync(string device) => Assert.Single(
            (await client.PostJsonAsync(path + "/test", new { username = "bob", device })).GetProperty("results").EnumerateArray());
    }

    [Fact]
    public async Task State_OfAProjectThatSends_CountsByDayAndKindOverAllInstances()
    {
        await using var station = await PushStation.StartAsync();
        string[] settings = [.. station.Settings, "AzureWebJobs.SendPush.Disabled=true"];
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock, null, settings);
        await using var other = await portal.StartAsync(clock, app.TablePrefix, settings);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await ProjectAsync(app, client);
        var path = $"projects/{project.Id}/push/state";
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await bob.RegisterFcmAsync("phone");
        await bob.PostJsonAsync("/api/v1/devices", new { kind = "apns", token = new string('b', 64) });
        await station.GiveKeysAsync(app, project.Id);
        Assert.False((await client.GetAsync(path)).TryGetProperty("webKey", out _));
        var key = Text(await bob.GetJsonAsync("/api/v1/devices/web-key"), "publicKey");

        await PushAsync(app);
        station.Answer = (pushed, context) =>
        {
            context.Response.StatusCode = pushed.Service == "fcm" ? 403 : 410;
            context.Response.WriteAsync(
                pushed.Service == "fcm"
                    ? """{"error":{"code":403,"status":"PERMISSION_DENIED"}}"""
                    : """{"reason":"Unregistered","timestamp":1}""").GetAwaiter().GetResult();
            return true;
        };
        await PushAsync(other);
        await other.Get<PushCounts>().FlushAsync(CancellationToken.None);

        var state = await client.GetAsync(path);
        Assert.Equal(("full", key, "mailto:ops@example.com"), (Text(state, "content"), Text(state, "webKey"), Text(state, "contact")));
        Assert.Equal(
            ["fcm 1 1 0", "apns 1 0 1"],
            state.GetProperty("days").EnumerateArray().Select(day =>
                $"{Text(day, "kind")} {day.GetProperty("sent")} {day.GetProperty("failed")} {day.GetProperty("removed")}"));
        var failure = Assert.Single(state.GetProperty("failures").EnumerateArray());
        Assert.Equal(("fcm", "PERMISSION_DENIED"), (Text(failure, "kind"), Text(failure, "reason")));
        Assert.Contains("Firebase Cloud Messaging API Admin", Text(failure, "explanation"), StringComparison.Ordinal);

        // Written once more, they are the same; after a week they are gone.
        await other.Get<PushCounts>().FlushAsync(CancellationToken.None);
        Assert.Equal(state.GetProperty("days").GetRawText(), (await client.GetAsync(path)).GetProperty("days").GetRawText());
        clock.Advance(TimeSpan.FromDays(PushCounts.Days));
        await client.SignInAsync();
        Assert.Empty((await client.GetAsync(path)).GetProperty("days").EnumerateArray());

        async Task PushAsync(VoxApp by)
        {
            var sent = await alice.SendMessageAsync("bob", "x");
            await app.SettleAsync(project.Id);
            await by.Get<PushDispatch>().RunAsync(
                new PushTask(project.Id, Text(sent, "conversation"), [sent.GetProperty("sequence").GetInt64()],
                    sent.GetProperty("sentAt").GetInt64()).ToText(),
                CancellationToken.None);
        }
    }

    [Fact]
    public async Task Content_Chosen_IsKeptAndRecorded()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        var path = $"projects/{project}/push";
        foreach (var (body, code) in ((object, string)[])
            [(new { }, "missing_field"), (new { content = "all" }, "invalid_field"), (new { content = "" }, "missing_field")])
        {
            Assert.Equal((400, code), await client.RefusedAsync(HttpMethod.Put, path + "/content", body));
        }

        await client.DoAsync(HttpMethod.Put, path + "/content", new { content = "name" });

        Assert.Equal("name", Text(await client.GetAsync(path + "/state"), "content"));
        var entry = (await client.GetAsync($"projects/{project}/audit")).GetProperty("entries")[0];
        Assert.Equal(("push.content_changed", "name"), (Text(entry, "action"), Text(entry, "detail")));
    }

    private static async Task<TestProject> ProjectAsync(VoxApp app, PortalClient client)
    {
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        return new TestProject(app, Text(keys, "projectId"), Text(keys, "authToken"));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
