using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Search;

/// <summary>
/// Keeps the index in line with the messages, behind the answer. None is missed: what this process does not come to, the repair of the log
/// tells of again. The index may have a message that is gone for a moment, never one that stays: what is found is compared with the
/// messages themselves.
/// </summary>
public sealed class SearchIndexer(
    SearchIndexStore store, SearchCompaction compaction, ConversationStore conversations, ProjectService projects)
    : IStoredMessageStep, IStoredChangeStep, IErasedMessagesStep
{
    /// <summary>Of a message, the first so many different words are found.</summary>
    public const int MaxWords = 1_000;

    public async ValueTask<bool> WantsAsync(string projectId, CancellationToken cancellationToken) =>
        await projects.FindAsync(projectId, cancellationToken) is { Searches: true };

    public ValueTask<bool> WantsChangesAsync(string projectId, CancellationToken cancellationToken) =>
        WantsAsync(projectId, cancellationToken);

    public async Task StoredAsync(IReadOnlyList<PendingEntry> entries, CancellationToken cancellationToken)
    {
        if (await WantsAsync(entries[0].Conversation.ProjectId, cancellationToken))
        {
            await AddAsync([.. entries.Select(entry => (entry.Conversation, entry.Message))], cancellationToken);
        }
    }

    public async Task ChangedAsync(IReadOnlyList<PendingChange> changes, CancellationToken cancellationToken)
    {
        if (await WantsChangesAsync(changes[0].Conversation.ProjectId, cancellationToken))
        {
            await ManyRequests.EachAsync(
                changes.Where(change => change.Change.Kind is ChangeKind.Edited or ChangeKind.Deleted)
                    .Select(change => (change.Conversation, change.Change.Sequence)).Distinct(),
                changed => RenewAsync(changed.Conversation, changed.Sequence, cancellationToken), cancellationToken);
        }
    }

    public async Task ErasingAsync(
        ConversationKey key, IReadOnlyCollection<long> sequences, CancellationToken cancellationToken)
    {
        if (!await WantsAsync(key.ProjectId, cancellationToken))
        {
            return;
        }

        var erased = sequences.ToHashSet();
        for (var (first, last) = (erased.Min(), erased.Max()); first <= last; first += 1_000)
        {
            var indexed = await store.ReadAsync(key, first, Math.Min(last, first + 999), cancellationToken);
            indexed.RemoveAll(message => !erased.Contains(message.Posting.Sequence));
            await RemoveAsync(key.ProjectId, indexed, cancellationToken);
            await ManyRequests.EachAsync(
                indexed, message => store.ForgetAsync(key, message.Posting.Sequence, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Adds messages of one project. Those that the index has are compared with it.</summary>
    public async Task AddAsync(IReadOnlyList<(ConversationKey Key, Message Message)> messages, CancellationToken cancellationToken)
    {
        var fresh = new List<IndexedMessage>(messages.Count);
        var others = new List<(ConversationKey Key, long Sequence)>();
        // What is told at least once may be told twice at once.
        foreach (var (key, message) in messages.DistinctBy(one => (one.Key, one.Message.Sequence)))
        {
            if (message.IsGone || message.State.EditedAt > 0)
            {
                // It may have been here with another text.
                others.Add((key, message.Sequence));
            }
            else if (WordsOf(message) is { Count: > 0 } words)
            {
                fresh.Add(new IndexedMessage(Posting.Of(key.Id, message), words, IsGone: false, Version: null));
            }
        }

        if (fresh.Count > 0)
        {
            var projectId = messages[0].Key.ProjectId;
            if (await store.TryAddAsync(projectId, fresh, cancellationToken))
            {
                await CompactAsync(projectId, fresh, cancellationToken);
            }
            else
            {
                others.AddRange(fresh.Select(message => (
                    new ConversationKey(projectId, message.Posting.Conversation), message.Posting.Sequence)));
            }
        }

        await ManyRequests.EachAsync(
            others.Distinct(), other => RenewAsync(other.Key, other.Sequence, cancellationToken), cancellationToken);
    }

    /// <summary>Brings what the index has of a message in line with the message as it is now.</summary>
    public async Task RenewAsync(ConversationKey key, long sequence, CancellationToken cancellationToken)
    {
        while (!await TryRenewAsync(key, sequence, cancellationToken))
        {
        }
    }

    private async Task<bool> TryRenewAsync(ConversationKey key, long sequence, CancellationToken cancellationToken)
    {
        // The index first: if the message changes after it was read, whoever tells of that change finds the index changed too.
        var indexed = await store.FindAsync(key, sequence, cancellationToken);
        var message = await conversations.ReadRangeAsync(key, sequence, sequence, cancellationToken) is [var found] ? found : null;
        if (message is null or { IsErased: true })
        {
            if (indexed is not null)
            {
                await RemoveAsync(key.ProjectId, [indexed], cancellationToken);
                await store.ForgetAsync(key, sequence, cancellationToken);
            }

            return true;
        }

        var words = WordsOf(message);
        if (indexed is null && words.Count == 0 && message.State.DeletedAt == 0)
        {
            return true;
        }

        var posting = Posting.Of(key.Id, message);
        var before = indexed?.Words ?? [];

        // While it is under way, the list has the words of both texts: so nobody forgets one who goes on after a crash.
        var both = new IndexedMessage(
            posting, [.. before.Union(words, StringComparer.Ordinal)], message.State.DeletedAt > 0, indexed?.Version);
        if (await store.TrySaveAsync(key.ProjectId, Fitting(both), cancellationToken) is not { } version)
        {
            return false;
        }

        await store.AddPostingsAsync(key.ProjectId, posting, words, cancellationToken);
        var gone = before.Except(words, StringComparer.Ordinal).ToList();
        if (gone.Count == 0)
        {
            return true;
        }

        await RemoveAsync(key.ProjectId, [new IndexedMessage(posting, gone, false, null)], cancellationToken);

        // If somebody has been here meanwhile, a word of a newer text may have gone with it: then all is done once more.
        return await store.TrySaveAsync(key.ProjectId, both with { Words = words, Version = version }, cancellationToken) is not null;
    }

    private async Task RemoveAsync(string projectId, IReadOnlyList<IndexedMessage> messages, CancellationToken cancellationToken)
    {
        // Hour by hour: between the first and the last of them a word may have more rows than fit into memory.
        var byWord = messages.SelectMany(message => message.Words.Select(word => (Word: word, message.Posting)))
            .GroupBy(pair => (pair.Word, Hour: pair.Posting.Time / 3_600_000), pair => pair.Posting);
        await ManyRequests.EachAsync(
            byWord, word => compaction.RemoveAsync(projectId, word.Key.Word, [.. word], cancellationToken), cancellationToken);
    }

    private async Task CompactAsync(string projectId, List<IndexedMessage> messages, CancellationToken cancellationToken)
    {
        var due = messages.SelectMany(message => SearchCompaction.Due(message.Posting, message.Words)).Distinct(StringComparer.Ordinal);
        await ManyRequests.EachAsync(due, word => compaction.CompactAsync(projectId, word, cancellationToken), cancellationToken);
    }

    /// <summary>Of two long texts not all words have room. Those of the present text do.</summary>
    private static IndexedMessage Fitting(IndexedMessage message)
    {
        var (length, count) = (0, 0);
        for (var i = message.Words.Count - 1; i >= 0 && (length += message.Words[i].Length + 1) <= SearchIndexStore.MaxWordCharacters; i--)
        {
            count++;
        }

        return message with { Words = [.. message.Words.TakeLast(count)] };
    }

    private static List<string> WordsOf(Message message) =>
        SearchText.Of(message) is { Length: > 0 } text ? SearchWord.KeysOf(text, MaxWords, SearchIndexStore.MaxWordCharacters) : [];
}
