using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Search;

/// <summary>What the index has of a message.</summary>
/// <param name="Words">Each once. Empty for a message that is gone.</param>
/// <param name="IsGone">It was deleted: nothing of it is to be written again.</param>
/// <param name="Version">Null when not stored yet.</param>
public sealed record IndexedMessage(Posting Posting, IReadOnlyList<string> Words, bool IsGone, RowVersion? Version);

/// <summary>
/// Table <c>searchindex</c>, a partition for each project. A message adds a row that lists its words, and a row for each word. Rows of a
/// word that gather become blocks, see <see cref="SearchCompaction"/>. Writing the same once more does no harm.
/// </summary>
public sealed class SearchIndexStore(StorageClients storage)
{
    /// <summary>A transaction may have so many rows.</summary>
    private const int MaxRows = 100;

    /// <summary>A read of so many rows is one request: a block has at most 16 KB, an answer 4 MB.</summary>
    public const int Page = 200;

    /// <summary>A column has room for so many characters, with some to spare.</summary>
    public const int MaxWordCharacters = 30_000;

    private readonly Table table = storage.ProjectTable("searchindex");

    /// <summary>Writes a message that is new to the index.</summary>
    /// <returns>False when the index knows one of them already: then perhaps none was written.</returns>
    public async Task<bool> TryAddAsync(string projectId, IReadOnlyList<IndexedMessage> messages, CancellationToken cancellationToken)
    {
        var packs = new List<List<TableTransactionAction>>();
        var large = new List<IndexedMessage>();
        foreach (var message in messages)
        {
            var count = message.Words.Count + 1;
            if (count > MaxRows)
            {
                large.Add(message);
                continue;
            }

            if (packs is not [.., var pack] || pack.Count + count > MaxRows)
            {
                packs.Add(pack = new List<TableTransactionAction>(MaxRows));
            }

            pack.Add(new(TableTransactionActionType.Add, ToRow(projectId, message)));
            pack.AddRange(Postings(projectId, message.Posting, message.Words));
        }

        var known = await ManyRequests.EachAsync(packs, pack => TrySubmitAsync(pack, cancellationToken), cancellationToken);
        var added = !known.Contains(false);
        foreach (var message in large)
        {
            // The list of its words first: whoever deletes the message needs it.
            if (await table.TryAddAsync(ToRow(projectId, message), cancellationToken) is not null)
            {
                await AddPostingsAsync(projectId, message.Posting, message.Words, cancellationToken);
            }
            else
            {
                added = false;
            }
        }

        return added;
    }

    public async Task AddPostingsAsync(
        string projectId, Posting posting, IEnumerable<string> words, CancellationToken cancellationToken)
    {
        foreach (var rows in Postings(projectId, posting, words).Chunk(MaxRows))
        {
            await table.SubmitAsync([.. rows], cancellationToken);
        }
    }

    /// <summary>Stores what the index has of a message.</summary>
    /// <returns>The new version; null when somebody else has changed it since it was read.</returns>
    public Task<RowVersion?> TrySaveAsync(string projectId, IndexedMessage message, CancellationToken cancellationToken) =>
        message.Version is { } version
            ? table.TryReplaceAsync(ToRow(projectId, message), version, cancellationToken)
            : table.TryAddAsync(ToRow(projectId, message), cancellationToken);

    public async Task<IndexedMessage?> FindAsync(ConversationKey key, long sequence, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.SearchIndex(key.ProjectId), ChatKeys.SearchMessage(key.Id, sequence), cancellationToken) is { } row
            ? FromRow(row)
            : null;

    /// <summary>What the index has of messages from one sequence to another.</summary>
    public async Task<List<IndexedMessage>> ReadAsync(ConversationKey key, long first, long last, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.SearchIndex(key.ProjectId)} and RowKey ge {ChatKeys.SearchMessage(
                key.Id, last)} and RowKey le {ChatKeys.SearchMessage(key.Id, first)}",
            1_000, cancellationToken)).ConvertAll(FromRow);

    public Task ForgetAsync(ConversationKey key, long sequence, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.SearchIndex(key.ProjectId), ChatKeys.SearchMessage(key.Id, sequence), cancellationToken);

    /// <summary>Rows of a word, the newest first: one request.</summary>
    /// <param name="after">Only rows after this key; empty: from the newest.</param>
    /// <param name="before">Unix ms: only rows with messages that are not newer.</param>
    internal Task<List<PostingRow>> ReadWordAsync(
        string projectId, string word, string after, long before, CancellationToken cancellationToken)
    {
        var begin = ChatKeys.SearchWord(SearchKeys.Encode(word));
        var from = after.Length > 0 ? after : begin;
        return ReadAsync(
            FormattableStringFactory.Create(
                "PartitionKey eq {0} and RowKey gt {1} and RowKey lt {2} and (Oldest le {3} or RowKey ge {4})",
                ChatKeys.SearchIndex(projectId), from, begin[..^1] + '}', before, ChatKeys.SearchWord(SearchKeys.Encode(word), before)),
            Page, cancellationToken);
    }

    /// <summary>Rows of a word that may have a message of one of these times.</summary>
    internal Task<List<PostingRow>> ReadWordAsync(
        string projectId, string word, long oldest, long newest, CancellationToken cancellationToken)
    {
        var begin = SearchKeys.Encode(word);
        return ReadAsync(
            FormattableStringFactory.Create(
                "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2} and (Oldest le {3} or RowKey ge {4})",
                ChatKeys.SearchIndex(projectId), ChatKeys.SearchWord(begin), ChatKeys.SearchWord(begin, oldest) + "}", newest,
                ChatKeys.SearchWord(begin, newest)),
            int.MaxValue, cancellationToken);
    }

    /// <summary>Rows of all words with a beginning, word by word.</summary>
    /// <param name="take">More are not read.</param>
    internal Task<List<PostingRow>> ReadBeginningAsync(
        string projectId, string beginning, int take, CancellationToken cancellationToken)
    {
        var begin = ChatKeys.SearchWordsFrom(SearchKeys.Encode(beginning));
        return ReadAsync(
            FormattableStringFactory.Create(
                "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2}", ChatKeys.SearchIndex(projectId), begin, begin + "~~"),
            take, cancellationToken);
    }

    /// <summary>Puts blocks into the place of rows, all or nothing.</summary>
    /// <param name="blocks">Postings of each, newest first.</param>
    /// <returns>False when one of the rows has changed or gone meanwhile.</returns>
    internal Task<bool> TryReplaceAsync(
        string projectId, string word, IReadOnlyList<PostingRow> rows, IReadOnlyList<IReadOnlyList<Posting>> blocks,
        CancellationToken cancellationToken)
    {
        var partition = ChatKeys.SearchIndex(projectId);
        return TrySubmitAsync(
            [
                .. rows.Select(row => new TableTransactionAction(
                    TableTransactionActionType.Delete, new TableEntity(partition, row.Key), row.Version)),
                .. blocks.Select(postings => new TableTransactionAction(
                    TableTransactionActionType.Add,
                    new TableEntity(
                        partition, ChatKeys.SearchBlock(SearchKeys.Encode(word), postings[0].Time, RandomIds.Create(8)))
                    {
                        ["Oldest"] = postings[^1].Time,
                        ["Postings"] = PostingBlock.Write(postings),
                    })),
            ],
            cancellationToken);
    }

    public Task DeleteAllAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAllAsync($"PartitionKey eq {ChatKeys.SearchIndex(projectId)}", cancellationToken);

    private async Task<List<PostingRow>> ReadAsync(FormattableString filter, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync(filter, take, cancellationToken)).ConvertAll(row => SearchKeys.Read(row.RowKey) is { } posting
            ? new PostingRow(row.RowKey, [posting], IsBlock: false, row.ETag)
            : new PostingRow(row.RowKey, PostingBlock.Read(row.GetBinary("Postings")), IsBlock: true, row.ETag));

    private async Task<bool> TrySubmitAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitAsync(actions, cancellationToken);
            return true;
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static IEnumerable<TableTransactionAction> Postings(string projectId, Posting posting, IEnumerable<string> words)
    {
        var partition = ChatKeys.SearchIndex(projectId);
        return words.Select(word => new TableTransactionAction(
            TableTransactionActionType.UpsertReplace,
            new TableEntity(
                partition,
                ChatKeys.SearchPosting(
                    SearchKeys.Encode(word), posting.Time, posting.Conversation, posting.Sequence, posting.From, posting.HasFile))));
    }

    private static TableEntity ToRow(string projectId, IndexedMessage message) => new(
        ChatKeys.SearchIndex(projectId), ChatKeys.SearchMessage(message.Posting.Conversation, message.Posting.Sequence))
    {
        ["Time"] = message.Posting.Time,
        ["From"] = (long)message.Posting.From,
        ["File"] = message.Posting.HasFile ? true : null,
        ["Words"] = string.Join(' ', message.Words),
        ["Gone"] = message.IsGone ? true : null,
    };

    private static IndexedMessage FromRow(TableEntity row)
    {
        var parts = row.RowKey.Split('|');
        return new IndexedMessage(
            new Posting(
                row.GetInt64("Time") ?? 0, parts[1],
                Keys.MaxSequence - long.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture),
                (uint)(row.GetInt64("From") ?? 0), row.GetBoolean("File") ?? false),
            (row.GetString("Words") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetBoolean("Gone") ?? false, row.ETag);
    }
}
