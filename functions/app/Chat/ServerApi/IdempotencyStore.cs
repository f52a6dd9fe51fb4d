using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ServerApi;

/// <summary>A request that was made with an idempotency key.</summary>
/// <param name="Day">The day (UTC) under which it is kept.</param>
/// <param name="KeyDigest">Of the key. The key itself is the customer's, and may be anything.</param>
/// <param name="Fingerprint">Of method, path and body.</param>
/// <param name="At">When work on it began.</param>
/// <param name="Answer">Null while it is being worked on.</param>
public sealed record KeyedRequest(
    string ProjectId, DateOnly Day, string KeyDigest, string Fingerprint, DateTimeOffset At, KeyedAnswer? Answer, RowVersion Version);

/// <param name="Body">JSON; empty for an answer without a body.</param>
public sealed record KeyedAnswer(int Status, ReadOnlyMemory<byte> Body);

/// <summary>
/// Requests with an idempotency key in table <c>idempotency</c>, by day; table <c>idempotencydays</c> says which projects have some on a
/// day. So what has expired is found and removed without a look at anything else.
/// </summary>
public sealed class IdempotencyStore(StorageClients storage)
{
    /// <summary>A property holds 64 KiB.</summary>
    private const int PieceBytes = 60_000;

    /// <summary>Larger answers are not kept: a repetition then does the work again. A row holds 1 MB.</summary>
    private const int MaxPieces = 15;

    /// <summary>What a repetition gets instead of the first answer.</summary>
    private static readonly ReadOnlyMemory<byte> Erased = """{"erased":true}"""u8.ToArray();

    private readonly Table table = storage.ProjectTable("idempotency");
    private readonly Table days = storage.Table("idempotencydays");

    public static bool CanKeep(KeyedAnswer answer) => answer.Body.Length <= MaxPieces * PieceBytes;

    /// <summary>Before the day's first request of the project, so that the sweep finds them all.</summary>
    public Task MarkAsync(string projectId, DateOnly day, CancellationToken cancellationToken) =>
        days.UpsertAsync(new TableEntity(ChatKeys.IdempotencyMarks(day), projectId), cancellationToken);

    public async Task<KeyedRequest?> FindAsync(string projectId, DateOnly day, string keyDigest, CancellationToken cancellationToken) =>
        await table.FindAsync(
            ChatKeys.IdempotencyDay(projectId, day, keyDigest), ChatKeys.IdempotencyRow(keyDigest), cancellationToken) is { } row
            ? FromRow(projectId, day, row)
            : null;

    /// <returns>Null when there is one with this key already.</returns>
    public async Task<KeyedRequest?> TryAddAsync(KeyedRequest request, CancellationToken cancellationToken) =>
        await table.TryAddAsync(ToRow(request), cancellationToken) is { } version ? request with { Version = version } : null;

    /// <returns>Null when somebody else was faster.</returns>
    public async Task<KeyedRequest?> TryReplaceAsync(KeyedRequest request, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(request), request.Version, cancellationToken) is { } version
            ? request with { Version = version }
            : null;

    public Task RemoveAsync(KeyedRequest request, CancellationToken cancellationToken) => table.TryDeleteAsync(
        ChatKeys.IdempotencyDay(request.ProjectId, request.Day, request.KeyDigest), ChatKeys.IdempotencyRow(request.KeyDigest),
        request.Version, cancellationToken);

    /// <summary>The projects that have requests of the days before.</summary>
    public async IAsyncEnumerable<(DateOnly Day, string ProjectId)> DaysBeforeAsync(
        DateOnly day, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var mark in days.EnumerateAsync($"PartitionKey lt {ChatKeys.IdempotencyMarks(day)}", 1_000, cancellationToken))
        {
            yield return (DateOnly.ParseExact(mark.PartitionKey, "yyyy-MM-dd", CultureInfo.InvariantCulture), mark.RowKey);
        }
    }

    /// <summary>Removes everything that a project has of a day. Can be repeated.</summary>
    public async Task RemoveDayAsync(DateOnly day, string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.IdempotencyDayRange(projectId, day);
        await table.DeleteRangeAsync(from, to, cancellationToken);
        await days.DeleteAsync(ChatKeys.IdempotencyMarks(day), projectId, cancellationToken);
    }

    /// <summary>Takes the place of all answers of a day. A repetition still does nothing a second time.</summary>
    public async Task EmptyAnswersAsync(string projectId, DateOnly day, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.IdempotencyDayRange(projectId, day);
        await foreach (var row in table.EnumerateAsync($"PartitionKey ge {from} and PartitionKey lt {to}", 1_000, cancellationToken))
        {
            var request = FromRow(projectId, day, row);
            if (request.Answer is { Body.Length: > 0 } answer && !answer.Body.Span.SequenceEqual(Erased.Span))
            {
                await TryReplaceAsync(request with { Answer = answer with { Body = Erased } }, cancellationToken);
            }
        }
    }

    private static TableEntity ToRow(KeyedRequest request)
    {
        var row = new TableEntity(
            ChatKeys.IdempotencyDay(request.ProjectId, request.Day, request.KeyDigest), ChatKeys.IdempotencyRow(request.KeyDigest))
        {
            ["Fingerprint"] = request.Fingerprint,
            ["At"] = request.At,
            ["Status"] = request.Answer?.Status,
        };
        if (request.Answer is { } answer)
        {
            for (var piece = 0; piece * PieceBytes < answer.Body.Length; piece++)
            {
                var begin = piece * PieceBytes;
                row[$"Body{piece:D2}"] = answer.Body.Slice(begin, Math.Min(PieceBytes, answer.Body.Length - begin)).ToArray();
            }
        }

        return row;
    }

    private static KeyedRequest FromRow(string projectId, DateOnly day, TableEntity row)
    {
        var status = row.GetInt32("Status");
        var pieces = Enumerable.Range(0, MaxPieces).Select(piece => row.GetBinary($"Body{piece:D2}"));
        byte[] body = [.. pieces.SelectMany(piece => piece ?? [])];
        return new KeyedRequest(
            projectId, day, row.RowKey, row.GetString("Fingerprint"), row.GetDateTimeOffset("At") ?? default,
            status is { } known ? new KeyedAnswer(known, body) : null, row.ETag);
    }
}
