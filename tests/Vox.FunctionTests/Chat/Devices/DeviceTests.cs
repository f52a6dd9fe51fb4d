using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Chat.Push;
using Vox.Chat.Sessions;
using Vox.Tests.Fixture;

namespace Vox.Tests.Devices;

public sealed class DeviceTests(Backends backends)
{
    [Fact]
    public async Task Register_EachKind_IsListedWithoutItsTokenAndRegisteredAgainIsTheSame()
    {
        var project = await backends.App.CreateProjectAsync();
        Assert.False((await project.ReadAsync()).HasDevices);
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var web = await alice.PostJsonAsync("/api/v1/devices", new
        {
            kind = "web",
            subscription = TestDevices.Subscription("https://push.example.com/s/1", out _, out _),
            language = "de-AT",
            appVersion = "1.2",
            quietHours = new { from = "22:00", to = "07:05", timeZone = "Europe/Vienna" },
        });
        var fcm = await alice.RegisterFcmAsync("fcm-token:1");
        var apns = await alice.PostJsonAsync("/api/v1/devices", new { kind = "apns", token = new string('A', 64), sandbox = true });

        var again = await alice.RegisterFcmAsync("fcm-token:1");

        Assert.Equal(fcm.GetRawText(), again.GetRawText());
        Assert.Equal(("de-AT", "1.2"), (Text(web, "language"), Text(web, "appVersion")));
        Assert.Equal("07:05", Text(web.GetProperty("quietHours"), "to"));
        Assert.True(apns.GetProperty("sandbox").GetBoolean());
        var list = (await alice.GetJsonAsync("/api/v1/devices")).GetProperty("devices");
        Assert.Equal(["apns", "fcm", "web"], list.EnumerateArray().Select(device => Text(device, "kind")).Order());
        Assert.All(list.EnumerateArray(), device => Assert.True(device.GetProperty("current").GetBoolean()));
        Assert.DoesNotContain("fcm-token", list.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("push.example.com", list.GetRawText(), StringComparison.Ordinal);
        Assert.True((await project.ReadAsync()).HasDevices);
    }

    [Fact]
    public async Task Project_WhoseLastDeviceIsGone_IsFoundOnceADay()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var (project, kept) = (await app.CreateProjectAsync(), await app.CreateProjectAsync());
        var (alice, bob) = (await project.CreateUserAsync("alice"), await kept.CreateUserAsync("bob"));
        await (await bob.LogInAsync()).RegisterFcmAsync("bobs");
        var session = await alice.LogInAsync();
        var device = Text(await session.RegisterFcmAsync("alices"), "id");
        await RunAtAsync(3);
        Assert.True((await project.ReadAsync()).HasDevices);

        session = await alice.LogInAsync();
        await session.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/devices/" + device)).TextAsync(204);
        await RunAtAsync(4);
        Assert.True((await project.ReadAsync()).HasDevices);
        await RunAtAsync(3);
        Assert.False((await project.ReadAsync()).HasDevices);
        Assert.True((await kept.ReadAsync()).HasDevices);

        await (await alice.LogInAsync()).RegisterFcmAsync("another");
        Assert.True((await project.ReadAsync()).HasDevices);

        Task RunAtAsync(int hour)
        {
            var now = clock.GetUtcNow();
            clock.Advance(now.UtcDateTime.Date.AddHours(hour + 24) - now.UtcDateTime);
            return app.Get<PushUpkeep>().RunAsync(CancellationToken.None);
        }
    }

    /// <summary>An instance that still knows the project as one with devices must not rely on that.</summary>
    [Fact]
    public async Task Register_WhereTheProjectIsStillKnownAsOneWithDevices_MarksItAgain()
    {
        await using var app = await VoxApp.StartAsync(backends);
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var known = await alice.RegisterFcmAsync("x");
        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/devices/" + Text(known, "id"))).TextAsync(204);

        await other.Get<DeviceService>().UnmarkProjectAsync(project.Id, CancellationToken.None);
        Assert.False((await other.Get<ProjectService>().FindNowAsync(project.Id, CancellationToken.None))!.HasDevices);
        await alice.RegisterFcmAsync("y");

        Assert.True((await other.Get<ProjectService>().FindNowAsync(project.Id, CancellationToken.None))!.HasDevices);
    }

    [Fact]
    public async Task Register_MoreThanTwenty_TheOneThatWasNotSeenForTheLongestTimeGoes()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var alice = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        var ids = new List<string>();
        for (var i = 0; i < DeviceService.MaxPerUser; i++)
        {
            ids.Add(Text(await alice.RegisterFcmAsync($"t{i}"), "id"));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        clock.Advance(TimeSpan.FromHours(13));
        alice = await alice.RefreshAsync();
        await alice.RegisterFcmAsync("t0");
        var added = Text(await alice.RegisterFcmAsync("one-more"), "id");

        Assert.Equal(
            ids.Where(id => id != ids[1]).Append(added).Order(StringComparer.Ordinal),
            (await alice.DeviceIdsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SessionEnds_ItsDevicesGo_OthersStay()
    {
        var project = await backends.App.CreateProjectAsync();
        var user = await project.CreateUserAsync("alice");
        var (one, two) = (await user.LogInAsync(), await user.LogInAsync());
        await one.RegisterFcmAsync("one");
        var kept = Text(await two.RegisterFcmAsync("two"), "id");
        Assert.Equal(2, (await one.DeviceIdsAsync()).Count);

        await one.LogOutAsync();

        Assert.Equal([kept], await two.DeviceIdsAsync());
        await one.PostAsync("/api/v1/devices", new { kind = "fcm", token = "late" }).ProblemAsync("invalid_token");
        await two.LogOutAsync(everywhere: true);
        Assert.Empty(await (await user.LogInAsync()).DeviceIdsAsync());
    }

    /// <summary>Between the look at the session and the storing of the device the session ends.</summary>
    [Fact]
    public async Task Register_WhileTheSessionEnds_LeavesNoDevice()
    {
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: backends.App.TablePrefix);
        var user = await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice");
        var session = await user.LogInAsync();
        await session.DeviceIdsAsync();

        // Another instance ends it: this one still believes in it for half a minute.
        await other.Get<SessionEnding>().EndAllAsync(session.Identity, CancellationToken.None);

        await session.PostAsync("/api/v1/devices", new { kind = "fcm", token = "late" }).ProblemAsync("invalid_token");
        Assert.Empty(await (await user.LogInAsync()).DeviceIdsAsync());
    }

    [Fact]
    public async Task Register_OnADeviceOfSomebodyElse_ItIsNotTheirsAnyMore()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await alice.RegisterFcmAsync("shared");
        await bob.RegisterFcmAsync("shared");

        Assert.Empty(await alice.DeviceIdsAsync());
        var id = Assert.Single(await bob.DeviceIdsAsync());
        await DeleteAsync(alice, id).ProblemAsync("not_found");
        await alice.RegisterFcmAsync("shared");
        Assert.Empty(await bob.DeviceIdsAsync());
        await DeleteAsync(alice, id).NoContentAsync();
        Assert.Empty(await alice.DeviceIdsAsync());
    }

    [Theory]
    [InlineData("""{}""", "missing_field", "kind")]
    [InlineData("""{"kind":"mail","token":"x"}""", "invalid_field", "kind")]
    [InlineData("""{"kind":"fcm"}""", "missing_field", "token")]
    [InlineData("""{"kind":"fcm","token":"two words"}""", "invalid_field", "token")]
    [InlineData("""{"kind":"apns","token":"../../3/device/x"}""", "invalid_field", "token")]
    [InlineData("""{"kind":"web"}""", "missing_field", "subscription")]
    [InlineData("""{"kind":"web","subscription":{"endpoint":"http://example.com"}}""", "invalid_field", "subscription.endpoint")]
    [InlineData("""{"kind":"web","subscription":{"endpoint":"https://10.0.0.1/x"}}""", "invalid_field", "subscription.endpoint")]
    [InlineData("""{"kind":"web","subscription":{"endpoint":"https://a.example"}}""", "missing_field", "subscription.keys.p256dh")]
    [InlineData("""{"kind":"web","subscription":{"endpoint":"https://a.example","keys":{"p256dh":"BAAA"}}}""", "invalid_field",
        "subscription.keys.p256dh")]
    [InlineData("""{"kind":"fcm","token":"x","language":"über"}""", "invalid_field", "language")]
    [InlineData("""{"kind":"fcm","token":"x","quietHours":{"from":"22:00","to":"7","timeZone":"Europe/Vienna"}}""", "invalid_field",
        "quietHours.to")]
    [InlineData("""{"kind":"fcm","token":"x","quietHours":{"from":"22:00","to":"07:00","timeZone":"Moon"}}""", "invalid_field",
        "quietHours.timeZone")]
    public async Task Register_NotValid_IsRefusedWithTheField(string body, string code, string field)
    {
        var alice = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/devices")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        }).ProblemAsync(code, field);

        Assert.Empty(await alice.DeviceIdsAsync());
    }

    [Fact]
    public async Task Register_PointThatIsNotOnTheCurve_IsRefused()
    {
        var alice = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        var point = Convert.ToBase64String([4, .. Enumerable.Repeat((byte)7, 64)]).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        await alice.PostAsync("/api/v1/devices", new
        {
            kind = "web",
            subscription = new { endpoint = "https://a.example", keys = new { p256dh = point, auth = "AAAAAAAAAAAAAAAAAAAAAA" } },
        }).ProblemAsync("invalid_field", "subscription.keys.p256dh");
        await alice.PostAsync("/api/v1/devices", new { kind = "fcm", token = new string('x', 4_097) }).ProblemAsync("too_long", "token");
        await alice.PostAsync("/api/v1/devices", new { kind = "fcm", token = "x", appVersion = new string('x', 65) })
            .ProblemAsync("too_long", "appVersion");
    }

    [Fact]
    public async Task ServerApi_ListsAndRemovesDevices()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("alice", "bob");
        var alice = await server.LogInAsync("alice");
        var id = Text(await alice.RegisterFcmAsync("alices"), "id");

        var device = Assert.Single((await server.GetJsonAsync("users/alice/devices")).GetProperty("devices").EnumerateArray());

        Assert.Equal((id, "fcm"), (Text(device, "id"), Text(device, "kind")));
        Assert.DoesNotContain("alices", device.GetRawText(), StringComparison.Ordinal);
        var session = Assert.Single((await server.GetJsonAsync("users/alice/sessions")).GetProperty("sessions").EnumerateArray());
        Assert.Equal(Text(session, "id"), Text(device, "session"));
        await server.SendAsync(HttpMethod.Delete, "users/bob/devices/" + id).ProblemAsync("not_found", "deviceId");
        await server.SendAsync(HttpMethod.Delete, "users/alice/devices/" + id).NoContentAsync();
        Assert.Empty(await alice.DeviceIdsAsync());
        await server.GetAsync("users/nobody/devices").ProblemAsync("user_not_found", "userId");
    }

    [Fact]
    public async Task UserIsDeleted_NothingOfTheirDevicesIsLeft()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        var user = "user" + Guid.NewGuid().ToString("N");
        await server.UpsertAsync(user);
        var token = "token" + Guid.NewGuid().ToString("N");
        await (await server.LogInAsync(user)).RegisterFcmAsync(token);
        Assert.Contains(
            $"table devices: {user}", await DataSearch.FindAsync(backends.StorageConnection, backends.App.TablePrefix, [user, token]));

        using (var deleted = await server.Project.DeleteUserAsync(user))
        {
            Assert.True(deleted.IsSuccessStatusCode);
        }

        var left = await DataSearch.FindAsync(backends.StorageConnection, backends.App.TablePrefix, [user, token]);
        Assert.DoesNotContain(left, where => where.StartsWith("table devices", StringComparison.Ordinal));
    }

    [Fact]
    public void QuietHours_PastMidnight_CoverTheNightOfTheirZone()
    {
        var quiet = new QuietHours(22 * 60, 7 * 60, "Europe/Vienna");

        // In winter Vienna is an hour ahead.
        Assert.Equal(
            [false, true, true, false],
            new[] { "20:59", "21:00", "05:59", "06:00" }.Select(time => quiet.Covers(DateTimeOffset.Parse(
                $"2026-12-01T{time}:00Z", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.True(new QuietHours(60, 120, "Etc/UTC").Covers(DateTimeOffset.UnixEpoch.AddMinutes(60)));
        Assert.False(new QuietHours(60, 120, "Etc/UTC").Covers(DateTimeOffset.UnixEpoch.AddMinutes(120)));
    }

    private static Task<HttpResponseMessage> DeleteAsync(TestSession session, string id) =>
        session.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/devices/" + id));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
