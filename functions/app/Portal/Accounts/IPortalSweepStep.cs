namespace Vox.Portal.Accounts;

/// <summary>Removes what has expired, of something that stands above the accounts.</summary>
public interface IPortalSweepStep
{
    Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
