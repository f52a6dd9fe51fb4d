using Microsoft.Extensions.Options;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Chat.Push;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Push;

/// <summary>What developers see of a project's push messages, and what they say.</summary>
public sealed class PortalPushService(
    ProjectService projects, UserService users, DeviceStore devices, VapidKeyStore webKeys, PushCounts counts, PushTest test,
    ProjectAudit audit, IOptions<PushOptions> options)
{
    internal async Task<PortalPushState> ReadAsync(Project known, CancellationToken cancellationToken)
    {
        // Another instance may have changed it a moment ago.
        var project = await projects.FindNowAsync(known.Id, cancellationToken) ?? known;
        var finding = webKeys.FindAsync(project.Id, cancellationToken);
        var (days, failures) = await counts.ReadAsync(project.Id, cancellationToken);
        return new PortalPushState(
            Name(project.PushContent), (await finding)?.Public, options.Value.Contact,
            [.. days.Select(day => new PortalPushDay(day.Day, Kind(day.Kind), day.Sent, day.Failed, day.Removed))],
            [
                .. failures.Select(one => new PortalPushFailure(
                    Kind(one.Kind), one.Reason, PushWords.Explain(one.Kind, one.Reason), one.At)),
            ]);
    }

    /// <exception cref="VoxException">missing_field, invalid_field</exception>
    internal async Task SetContentAsync(ProjectCaller caller, PortalPushContentRequest request, CancellationToken cancellationToken)
    {
        var content = request.Content switch
        {
            "full" => PushContent.Full,
            "name" => PushContent.Name,
            "none" => PushContent.None,
            null or "" => throw new VoxException(Errors.MissingField, "content is missing: say full, name or none.", "content"),
            _ => throw new VoxException(Errors.InvalidField, "content must be full, name or none.", "content"),
        };
        await projects.UpdateAsync(caller.Project.Id, project => project with { PushContent = content }, cancellationToken);
        await audit.RecordAsync(caller, "push.content_changed", Name(content), cancellationToken);
    }

    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task<PortalPushDevices> DevicesAsync(Project project, string? username, CancellationToken cancellationToken)
    {
        var user = await FindAsync(project, username, cancellationToken);
        return new(
            (await devices.ListAsync(user.Identity, cancellationToken)).ConvertAll(device => new PortalPushDevice(
                device.Id, Kind(device.Kind), Text(device.Language), Text(device.AppVersion), device.SeenAt)));
    }

    /// <exception cref="VoxException">user_not_found, not_found</exception>
    internal async Task<PortalPushTestResponse> TestAsync(
        ProjectCaller caller, PortalPushTestRequest request, CancellationToken cancellationToken)
    {
        var user = await FindAsync(caller.Project, request.Username, cancellationToken);
        var sent = await test.SendAsync(caller.Project, user.Identity, Text(request.Device ?? ""), cancellationToken);
        // Named like what is done to users, and with the name first: so it is found when the user is erased.
        await audit.RecordAsync(
            caller, "user.push_tested",
            $"{user.LoginId}: {string.Join(", ", sent.Select(one => $"{Kind(one.Device.Kind)} {Name(one.Result.Outcome)}"))}",
            CancellationToken.None);
        return new(
            [
                .. sent.Select(one => new PortalPushTestResult(
                    one.Device.Id, Kind(one.Device.Kind), Name(one.Result.Outcome), Text(one.Result.Reason),
                    PushWords.Explain(one.Device.Kind, one.Result))),
            ]);
    }

    private async Task<User> FindAsync(Project project, string? username, CancellationToken cancellationToken) =>
        await users.FindNowAsync(project, username ?? "", cancellationToken)
        ?? throw new VoxException(Errors.UserNotFound, "There is no user with this username in the project.", "username");

    private static string Kind(DeviceKind kind) => DeviceViews.Kind(kind);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string? Text(string text) => text.Length > 0 ? text : null;
}
