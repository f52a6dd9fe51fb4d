using Vox.Chat.Webhooks;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Webhooks;

/// <summary>What developers do with the before-send hook of a project.</summary>
public sealed class PortalBeforeSendService(BeforeSendService hooks, ProjectAudit audit)
{
    /// <returns>Without a hook: nothing but absent fields.</returns>
    internal async Task<PortalBeforeSend> FindAsync(string projectId, CancellationToken cancellationToken)
    {
        try
        {
            return new PortalBeforeSend(await hooks.ViewAsync(projectId, cancellationToken));
        }
        catch (VoxException e) when (e.Error == Errors.NotFound)
        {
            return new PortalBeforeSend(null);
        }
    }

    /// <exception cref="VoxException">missing_field, invalid_field</exception>
    internal async Task<BeforeSendView> SetAsync(ProjectCaller caller, BeforeSendRequest request, CancellationToken cancellationToken)
    {
        var (hook, isNew) = await hooks.SetAsync(caller.Project.Id, request, cancellationToken);
        await audit.RecordAsync(caller, "before_send.set", hook.Url, cancellationToken);
        return hooks.View(hook, isNew);
    }

    /// <exception cref="VoxException">invalid_field, not_found</exception>
    internal async Task<BeforeSendView> RotateAsync(ProjectCaller caller, int? overlapHours, CancellationToken cancellationToken)
    {
        var hook = await hooks.RotateAsync(caller.Project.Id, overlapHours, cancellationToken);
        await audit.RecordAsync(caller, "before_send.rotated", hook.Url, cancellationToken);
        return hooks.View(hook, secret: true);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task RemoveAsync(ProjectCaller caller, CancellationToken cancellationToken)
    {
        var hook = await hooks.GetAsync(caller.Project.Id, cancellationToken);
        await hooks.RemoveAsync(caller.Project.Id, cancellationToken);
        await audit.RecordAsync(caller, "before_send.removed", hook.Url, cancellationToken);
    }
}
