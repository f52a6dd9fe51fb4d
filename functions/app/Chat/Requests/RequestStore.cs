using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Requests;

/// <summary>Requests in table <c>apirequests</c>, by day and project: so old days are removed without a look at the others.</summary>
public sealed class RequestStore(StorageClients storage)
{
    private readonly Table table = storage.Table("apirequests");

    /// <summary>One storage request for up to 100 of a project and day.</summary>
    public async Task AddAsync(IEnumerable<ApiRequest> requests)
    {
        var days = requests.GroupBy(request => ChatKeys.RequestDay(DayOf(request.At), request.ProjectId), StringComparer.Ordinal);
        foreach (var some in days.SelectMany(day => day.Select(request => ToRow(day.Key, request)).Chunk(100)))
        {
            await table.SubmitAsync(
                [.. some.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row))], CancellationToken.None);
        }
    }

    /// <summary>Of one day, newest first.</summary>
    /// <param name="after">Only those after this id; empty: all.</param>
    /// <param name="look">How many rows may be looked at.</param>
    /// <returns>Those that were found, and the id of the last row that was looked at when there may be more.</returns>
    internal async Task<(List<ApiRequest> Found, string? Through)> ListAsync(
        string projectId, DateOnly day, string after, RequestFilter filter, int most, int look, CancellationToken cancellationToken)
    {
        var found = new List<ApiRequest>();
        var seen = 0;
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.RequestDay(day, projectId)} and RowKey gt {after}", 1_000, cancellationToken))
        {
            var request = FromRow(projectId, row);
            if (filter.Matches(request))
            {
                found.Add(request);
            }

            if (found.Count == most || ++seen == look)
            {
                return (found, request.Id);
            }
        }

        return (found, null);
    }

    /// <summary>Of all projects, of all days before one.</summary>
    public Task RemoveBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
        table.DeleteAllAsync($"PartitionKey lt {ChatKeys.WebhookDays(day)}", cancellationToken);

    public Task RemoveDayAsync(string projectId, DateOnly day, CancellationToken cancellationToken) =>
        table.DeleteAllAsync($"PartitionKey eq {ChatKeys.RequestDay(day, projectId)}", cancellationToken);

    internal static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static TableEntity ToRow(string partition, ApiRequest request) =>
        new(partition, ChatKeys.Request(request.At.ToUnixTimeMilliseconds(), RandomIds.Create(6)))
        {
            ["At"] = request.At,
            ["Api"] = request.Api,
            ["Caller"] = request.Caller,
            ["Method"] = request.Method,
            ["Route"] = request.Route,
            ["Status"] = request.Status,
            ["Milliseconds"] = request.Milliseconds,
            ["RequestId"] = request.RequestId,
            ["Error"] = request.Error,
            ["Of"] = request.Of,
        };

    private static ApiRequest FromRow(string projectId, TableEntity row) => new(
        projectId, row.GetDateTimeOffset("At") ?? default, row.GetString("Api"), row.GetString("Caller"), row.GetString("Method"),
        row.GetString("Route"), row.GetInt32("Status") ?? 0, row.GetInt32("Milliseconds") ?? 0, row.GetString("RequestId"),
        row.GetString("Error"), row.GetInt32("Of") ?? 1)
    {
        Id = row.RowKey,
    };
}
