using System.Globalization;
using Vox.Chat.ChatLogs;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Portal.Http;

namespace Vox.Portal.Usage;

/// <summary>The messages of a project's log, as the portal shows them.</summary>
public sealed class UsageHistoryService(ChatLogReader reader, MediaPrefixes prefixes)
{
    private const int MaxExport = 50_000;
    private const int Portion = 1_000;

    /// <param name="page">From 1.</param>
    /// <exception cref="VoxException">invalid_field, busy</exception>
    public async Task<UsageHistoryPage> ReadAsync(
        string projectId, UsageHistoryQuery query, int page, int size, CancellationToken cancellationToken)
    {
        var entries = await reader.ReadAsync(projectId, query.ToFilter(), (long)(page - 1) * size, size + 1, cancellationToken);
        var files = await prefixes.PathAsync(projectId, cancellationToken);
        return new UsageHistoryPage([.. entries.Take(size).Select(entry => Row(entry, files))], entries.Count > size);
    }

    /// <summary>The newest 50,000 messages as a CSV file.</summary>
    /// <exception cref="VoxException">invalid_field, busy</exception>
    public async Task<byte[]> ExportAsync(string projectId, UsageHistoryQuery query, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        var csv = new Csv("From", "To", "Group", "Data", "File", "Time (UTC)");
        var files = await prefixes.PathAsync(projectId, cancellationToken);
        for (var offset = 0; offset < MaxExport; offset += Portion)
        {
            var entries = await reader.ReadAsync(projectId, filter, offset, Portion, cancellationToken);
            foreach (var row in entries.Select(entry => Row(entry, files)))
            {
                csv.Row(
                    row.From, row.To, row.Group, row.Data, row.File,
                    row.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            }

            if (entries.Count < Portion)
            {
                break;
            }
        }

        return csv.ToBytes();
    }

    private static UsageHistoryRow Row(ChatLogEntry entry, string files)
    {
        // The data of a file message is the key of the file. A message of such a type with any other data has no file.
        var isFile = ((MessageType)entry.Type).IsFile() && FileKey.IsValid(entry.Data);
        return new(
            entry.From, entry.To, entry.Group, entry.Data, isFile ? FileKey.NameOf(entry.Data) : "",
            isFile ? files + Uri.EscapeDataString(entry.Data) : null, DateTimeOffset.FromUnixTimeMilliseconds(entry.LoggedAt));
    }
}
