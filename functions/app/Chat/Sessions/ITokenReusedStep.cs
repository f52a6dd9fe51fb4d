namespace Vox.Chat.Sessions;

/// <summary>What a feature does when a refresh token was used a second time. The session has ended by then.</summary>
public interface ITokenReusedStep
{
    Task ReusedAsync(Session session, CancellationToken cancellationToken);
}
