namespace Vox.Server;

/// <summary>What servers and users asked the API for.</summary>
public sealed class VoxRequests
{
    private readonly VoxConnection connection;

    internal VoxRequests(VoxConnection connection) => this.connection = connection;

    /// <summary>
    /// The requests of the last seven days, the newest first, some seconds old. By default the project keeps those that were refused or
    /// failed.
    /// </summary>
    public IAsyncEnumerable<ApiRequest> ListAsync(RequestFilter? filter = null, CancellationToken cancellationToken = default) =>
        Paths.AllAsync(
            Paths.Query(
                "api-requests?limit=100", ("api", filter?.Api), ("caller", filter?.Caller), ("method", filter?.Method),
                ("route", filter?.Route), ("failed", filter?.Failed is { } failed ? failed ? "true" : "false" : null),
                ("error", filter?.Error)),
            path => connection.GetAsync(path, VoxJson.Default.ApiRequestPage, cancellationToken), page => (page.Requests, page.Next));
}
