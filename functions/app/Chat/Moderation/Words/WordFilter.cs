using System.Globalization;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Moderation.Words;

/// <summary>Applies a project's word lists to texts before they are stored.</summary>
internal sealed class WordFilter(WordListService lists, FlagStore flags, IProjectEvents events, TimeProvider time) : IWordStep
{
    private const int MaxAttempts = 12;

    public async ValueTask<MessageDraft> CheckAsync(
        Project project, MessageDraft draft, SentText kind, CancellationToken cancellationToken)
    {
        if (draft.Type is not (MessageType.Text or MessageType.Html) || await lists.FindAsync(project, cancellationToken) is not { } found
            || (kind.ByServer && !found.OfServer))
        {
            return draft;
        }

        var verdict = found.Check(draft.Data, kind.IsEdit ? null : draft.Type == MessageType.Html);
        return verdict.Action == WordAction.Block
            ? throw new VoxException(Errors.BlockedWords, "The message contains words that are not allowed here: change it.", "data")
            : draft with
            {
                Data = verdict.Text,

                // A masked text is shorter where characters that nobody sees stood between letters.
                Size = verdict.Text.Length == draft.Data.Length ? draft.Size : verdict.Text.Length,
                FlaggedWords = string.Join(
                    ", ", verdict.Found.Where(entry => entry.Action == WordAction.Flag).Select(entry => entry.Text)),
            };
    }

    public async Task FlagAsync(Project project, string conversationId, long sequence, MessageDraft draft)
    {
        var id = ChatKeys.FlaggedMessage(conversationId, sequence);
        var words = FlagService.Shortened(draft.FlaggedWords, FlagService.MaxText);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var now = time.GetUtcNow();
            var flag = new Flag("", FlagReasons.WordListUid, FlagReasons.WordList, words, now);
            var before = await flags.FindAsync(project.Id, id, CancellationToken.None);
            var after = before is null
                ? new Flagged(project.Id, id, conversationId, sequence, draft.From, draft.FromUid, true, 1, flag.Reason, now, now, now)
                : before.With(flag);
            if (await flags.TryAddAsync(before, after, flag, CancellationToken.None))
            {
                await events.TellAsync(
                    project.Id, EventTypes.MessageFlagged, now,
                    new FlagEventData(
                        id, null, draft.From, flag.Reason, words, conversationId, sequence,
                        FlagService.Shortened(draft.Data, FlagService.MaxShown)),
                    EventJson.Wire.FlagEventData, id, flag.Uid, now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
                return;
            }
        }
    }
}
