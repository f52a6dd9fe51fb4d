using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What a check of conversations changes in their rows and in those of their members.</summary>
internal static class CheckRows
{
    private const int MaxBatch = 100;
    private const int Parallel = 16;

    /// <summary>Columns with sequences, in the rows of marks and of group members.</summary>
    private static readonly string[] Marks =
        ["Delivered", "Read", "LastOwn", "LastUnseen", "JoinedSequence", "LeftSequence", .. PersonalStateRows.Sequences];

    /// <summary>Ends the marks of a row, and what its user has set for themselves, at the conversation's last message.</summary>
    /// <param name="row">A mark or a group member.</param>
    /// <param name="last">The conversation's last sequence.</param>
    /// <returns>Null when nothing lies beyond it.</returns>
    public static TableTransactionAction? Limit(TableEntity row, long last)
    {
        var beyond = Marks.Where(name => row.GetInt64(name) > last).Select(name => (name, (object)last)).ToList();
        var mentioned = ConversationRows.Sequences(row.GetString("Mentioned"));
        if (mentioned.Any(sequence => sequence > last))
        {
            beyond.Add(("Mentioned", string.Join(' ', mentioned.Where(sequence => sequence <= last))));
        }

        var hidden = SequenceSet.Parse(row.GetString(PersonalStateRows.Hidden));
        if (hidden.Only(0, last) is var left && left != hidden)
        {
            beyond.Add((PersonalStateRows.Hidden, left.ToString()));
        }

        return beyond.Count > 0 ? Merge(row, [.. beyond]) : null;
    }

    public static TableTransactionAction Merge(TableEntity row, params (string Name, object Value)[] columns)
    {
        var change = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var (name, value) in columns)
        {
            change[name] = value;
        }

        return new(TableTransactionActionType.UpdateMerge, change, ETag.All);
    }

    public static Task WriteAsync(Table table, List<TableTransactionAction> actions, CancellationToken cancellationToken) =>
        System.Threading.Tasks.Parallel.ForEachAsync(
            actions.GroupBy(action => action.Entity.PartitionKey, StringComparer.Ordinal).SelectMany(group => group.Chunk(MaxBatch)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (batch, stop) => await table.SubmitAsync([.. batch], stop));
}
