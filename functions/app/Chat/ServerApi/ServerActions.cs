using Vox.Chat.ApiKeys;

namespace Vox.Chat.ServerApi;

/// <summary>Tells every feature that wants to know what a customer's server has done.</summary>
public sealed class ServerActions(IEnumerable<IServerActionStep> steps)
{
    /// <param name="action">A stable name: <c>group.deleted</c>.</param>
    /// <param name="detail">For people to read; never a secret.</param>
    public async Task DoneAsync(ServerCaller caller, string action, string detail, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.DoneAsync(caller, action, detail, cancellationToken);
        }
    }
}
