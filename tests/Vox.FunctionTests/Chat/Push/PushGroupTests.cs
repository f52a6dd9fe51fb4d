using System.Diagnostics;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Push;

public sealed class PushGroupTests(Backends backends)
{
    private const int Members = 450;

    /// <summary>More than two pages; one member of each three has no device, and one of each ten is somebody who has left.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_ToAGroupOfSeveralPages_EachMemberWithADeviceIsToldOnce(bool broadcast)
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, station.Settings);
        var project = await app.CreateProjectAsync();
        await station.GiveKeysAsync(app, project.Id);
        var server = await project.CreateServerAsync();
        string[] names = [.. Enumerable.Range(0, Members).Select(n => $"m{n:D3}")];
        foreach (var some in names.Append("alice").Chunk(100))
        {
            await server.UpsertAsync(some);
        }

        var group = (await server.PostJsonAsync("groups", new { name = "All", owner = "alice", broadcast, members = names }))
            .GetProperty("id").GetString()!;
        var known = await project.ReadAsync();
        string[] told = [.. names.Where((_, n) => n % 3 != 0)];
        await ManyRequests.EachAsync(told, name => AddDeviceAsync(app, known, name));
        await app.Get<ProjectService>().UpdateAsync(project.Id, now => now with { HasDevices = true }, CancellationToken.None);
        var left = told.Where((_, n) => n % 10 == 0).ToArray();
        await server.PostJsonAsync($"groups/{group}/members/remove", new { ids = left });
        var before = app.Storage.Count;
        var began = Stopwatch.GetTimestamp();

        await server.PostJsonAsync("messages", new { from = "alice", to = group, data = "x" });
        var expected = told.Except(left, StringComparer.Ordinal).ToList();
        for (var i = 0; i < expected.Count; i++)
        {
            await station.NextAsync();
        }

        var (seconds, requests) = (Stopwatch.GetElapsedTime(began).TotalSeconds, app.Storage.Count - before);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{expected.Count} devices of {Members} members in {seconds:F1} s, {requests} storage requests");
        await app.SettleAsync(project.Id);
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            station.Taken.Select(pushed => pushed.Json.GetProperty("message").GetProperty("token").GetString()!)
                .Order(StringComparer.Ordinal));
        Assert.Empty(station.Refused);
    }

    private static async Task AddDeviceAsync(VoxApp app, Project project, string name)
    {
        var user = await app.Get<UserService>().FindNowAsync(project, name, CancellationToken.None);
        var (now, id) = (TimeProvider.System.GetUtcNow(), "s" + name);
        await app.Get<SessionStore>().AddAsync(
            new Session(project.Id, name, id, user!.Uid, "x", null, now, now, now.AddDays(1), "", default), CancellationToken.None);
        await app.Get<DeviceStore>().SetAsync(
            new Device(user.Identity, "d" + name, id, DeviceKind.Fcm, name, "", "", "", "", Sandbox: false, null, now, now), isNew: true,
            CancellationToken.None);
    }
}
