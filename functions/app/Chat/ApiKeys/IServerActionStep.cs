namespace Vox.Chat.ApiKeys;

/// <summary>What a feature does when a customer's server has changed something that people will ask about later.</summary>
public interface IServerActionStep
{
    /// <param name="action">A stable name: <c>user.deleted</c>.</param>
    /// <param name="detail">For people to read; never a secret.</param>
    Task DoneAsync(ServerCaller caller, string action, string detail, CancellationToken cancellationToken);
}
