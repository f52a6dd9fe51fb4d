using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Moderation.Words;

/// <summary>Word lists as they are stored.</summary>
/// <param name="Version">Another one for each change.</param>
internal sealed record StoredWordLists(string Version, WordListRequest Lists, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>
/// The word lists of each project, in table <c>moderation</c>: the JSON in pieces that fit into rows, for each version, and a row that says
/// which version counts. Pieces are never changed, so nobody reads half of a change.
/// </summary>
public sealed class WordListStore(StorageClients storage)
{
    /// <summary>A column holds 32,768 UTF-16 characters.</summary>
    private const int Piece = 30_000;

    private readonly Table table = storage.ProjectTable("moderation");

    internal async Task<StoredWordLists?> FindAsync(string projectId, CancellationToken cancellationToken)
    {
        // Between the two requests the lists may have changed.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (await table.FindAsync(ChatKeys.Words(projectId), ChatKeys.WordsHead, cancellationToken) is not { } head)
            {
                break;
            }

            var version = head.GetString("Version");
            if (await FindAsync(projectId, version, cancellationToken) is { } lists)
            {
                return new StoredWordLists(
                    version, lists, head.GetDateTimeOffset("ChangedAt") ?? default, head.GetString("ChangedBy") ?? "");
            }
        }

        return null;
    }

    /// <returns>Null when this version is no longer there.</returns>
    internal async Task<WordListRequest?> FindAsync(string projectId, string version, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.WordPieces(version);
        var rows = await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Words(projectId)} and RowKey ge {from} and RowKey lt {to}", int.MaxValue, cancellationToken);
        if (rows.Count == 0 || rows.Count != rows[0].GetInt32("Pieces"))
        {
            return null;
        }

        return JsonSerializer.Deserialize(
            string.Concat(rows.Select(row => row.GetString("Text"))), WordListJson.Wire.WordListRequest);
    }

    /// <summary>The pieces first: a version that counts is whole.</summary>
    internal async Task SetAsync(string projectId, StoredWordLists lists, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.Words(projectId);
        var before = (await table.FindAsync(partition, ChatKeys.WordsHead, cancellationToken))?.GetString("Version");
        var json = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(lists.Lists, WordListJson.Wire.WordListRequest));
        var pieces = Split(json);
        for (var i = 0; i < pieces.Count; i++)
        {
            await table.UpsertAsync(
                new TableEntity(partition, ChatKeys.WordPiece(lists.Version, i)) { ["Text"] = pieces[i], ["Pieces"] = pieces.Count },
                cancellationToken);
        }

        await table.UpsertAsync(
            new TableEntity(partition, ChatKeys.WordsHead)
            {
                ["Version"] = lists.Version,
                ["ChangedAt"] = lists.ChangedAt,
                ["ChangedBy"] = lists.ChangedBy,
            },
            cancellationToken);
        if (before is not null && before != lists.Version)
        {
            var (from, to) = ChatKeys.WordPieces(before);
            await table.DeleteAllAsync($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}", cancellationToken);
        }
    }

    /// <summary>Never between the halves of a surrogate pair: the storage would lose them.</summary>
    private static List<string> Split(string text)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = Math.Min(text.Length, at + Piece);
            end -= end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
            pieces.Add(text[at..end]);
            at = end;
        }

        return pieces;
    }
}
