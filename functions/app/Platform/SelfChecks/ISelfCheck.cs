namespace Vox.Platform.SelfChecks;

/// <summary>
/// What a part of the app can say about its own settings and about the services that it uses. <c>vox doctor</c> asks all of them.
/// </summary>
public interface ISelfCheck
{
    /// <summary>Asks now, without remembered answers. What is wrong is a finding, not an exception.</summary>
    Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken);
}
