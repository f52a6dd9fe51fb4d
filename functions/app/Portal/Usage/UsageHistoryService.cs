using System.Globalization;
using System.Runtime.CompilerServices;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Changes;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Usage;

/// <summary>The messages of a project's log, as the portal shows them.</summary>
public sealed class UsageHistoryService(ChatLogReader reader, ChangeReader changes, MediaPrefixes prefixes)
{
    private const int MaxExport = 50_000;

    /// <param name="page">From 1.</param>
    /// <exception cref="VoxException">invalid_field, busy</exception>
    public async Task<UsageHistoryPage> ReadAsync(
        ProjectCaller caller, UsageHistoryQuery query, int page, int size, CancellationToken cancellationToken)
    {
        var entries = await reader.ReadAsync(caller.Project.Id, query.ToFilter(), (long)(page - 1) * size, size + 1, cancellationToken);
        var files = await prefixes.PathOfAllAsync(caller.Project.Id, caller.Member.DeveloperId, cancellationToken);
        return new UsageHistoryPage([.. entries.Take(size).Select(entry => Row(entry, files))], entries.Count > size);
    }

    /// <summary>The texts that a message had before it was edited, where the project or a legal hold kept them.</summary>
    /// <exception cref="VoxException">not_found, message_not_found</exception>
    public async Task<EarlierTexts> ReadEarlierAsync(
        ProjectCaller caller, string conversation, string sequence, CancellationToken cancellationToken)
    {
        var (_, texts) = await changes.ReadVersionsAsync(caller.Project, new(conversation, sequence), cancellationToken);
        return new EarlierTexts(
            [.. texts.Select(text => new EarlierText(text.Data, DateTimeOffset.FromUnixTimeMilliseconds(text.At)))]);
    }

    /// <summary>The rows of a CSV file of the newest 50,000 messages. They are read while they are taken.</summary>
    /// <exception cref="VoxException">invalid_field, busy</exception>
    public async IAsyncEnumerable<string[]> ExportAsync(
        ProjectCaller caller, UsageHistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = await prefixes.PathOfAllAsync(caller.Project.Id, caller.Member.DeveloperId, cancellationToken);
        var left = MaxExport;
        await foreach (var entry in reader.StreamAsync(caller.Project.Id, query.ToFilter(), cancellationToken))
        {
            var row = Row(entry, files);
            yield return
            [
                row.From, row.To, row.Group, row.Data, row.File, row.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                row.Change,
            ];
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    private static UsageHistoryRow Row(ChatLogEntry entry, string files)
    {
        // The data of a file message is the key of the file. A message of such a type with any other data has no file.
        var isFile = ((MessageType)entry.Type).IsFile() && FileKey.IsValid(entry.Data);
        return new(
            entry.From, entry.To, entry.Group, entry.Data, isFile ? FileKey.NameOf(entry.Data) : "",
            isFile ? files + Uri.EscapeDataString(entry.Data) : null, DateTimeOffset.FromUnixTimeMilliseconds(entry.LoggedAt),
            entry.Type is ChatLogEntry.Erased or ChatLogEntry.Deleted ? true : null, entry.Type is ChatLogEntry.Deleted ? true : null,
            entry.EditedAt > 0 && entry.Type >= 0 ? DateTimeOffset.FromUnixTimeMilliseconds(entry.EditedAt) : null)
        {
            Conversation = entry.ConversationId,
            Sequence = entry.Sequence,
        };
    }
}
