using Vox.Chat.ApiKeys;
using Vox.Chat.Webhooks;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Webhooks;

/// <summary>What customers' servers do with the before-send hook of their project.</summary>
public sealed class ServerBeforeSendService(BeforeSendService hooks, ServerActions actions)
{
    /// <exception cref="VoxException">missing_field, invalid_field</exception>
    internal async Task<BeforeSendView> SetAsync(ServerCaller caller, BeforeSendRequest request, CancellationToken cancellationToken)
    {
        var (hook, isNew) = await hooks.SetAsync(caller.Project.Id, request, cancellationToken);
        await actions.DoneAsync(caller, "before_send.set", hook.Url, cancellationToken);
        return hooks.View(hook, isNew);
    }

    /// <exception cref="VoxException">invalid_field, not_found</exception>
    internal async Task<BeforeSendView> RotateAsync(
        ServerCaller caller, RotateWebhookRequest request, CancellationToken cancellationToken)
    {
        var hook = await hooks.RotateAsync(caller.Project.Id, request.OverlapHours, cancellationToken);
        await actions.DoneAsync(caller, "before_send.rotated", hook.Url, cancellationToken);
        return hooks.View(hook, secret: true);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task RemoveAsync(ServerCaller caller, CancellationToken cancellationToken)
    {
        await hooks.RemoveAsync(caller.Project.Id, cancellationToken);
        await actions.DoneAsync(caller, "before_send.removed", "", cancellationToken);
    }
}
