using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>
/// What is decided about texts before they are stored: first by the customer's server, then by the project's word lists. So whatever is
/// stored has passed the lists, also what the server has made of it. Costs nothing in projects that have neither.
/// </summary>
public sealed class SentTexts(IEnumerable<IBeforeSendStep> beforeSteps, IEnumerable<IWordStep> wordSteps)
{
    /// <param name="byServer">The customer's server sends it for a user.</param>
    /// <exception cref="VoxException">message_refused, hook_unavailable, blocked_words</exception>
    public Task<MessageDraft> BeforeSendAsync(
        Project project, MessageDraft draft, bool byServer, CancellationToken cancellationToken) =>
        AskAsync(project, draft, new SentText(byServer, IsEdit: false), cancellationToken);

    /// <summary>What a new message may not say, an edit may not either.</summary>
    /// <param name="conversationId">Stands for the recipient.</param>
    /// <exception cref="VoxException">message_refused, hook_unavailable, blocked_words</exception>
    public Task<MessageDraft> BeforeEditAsync(
        Project project, Sender sender, string conversationId, string text, CancellationToken cancellationToken) =>
        AskAsync(project, Edited(sender, conversationId, text), new SentText(ByServer: false, IsEdit: true), cancellationToken);

    /// <summary>Of an edit by the customer's server, which is not asked about its own.</summary>
    /// <exception cref="VoxException">blocked_words</exception>
    public Task<MessageDraft> BeforeServerEditAsync(Project project, string conversationId, string text) => CheckWordsAsync(
        project, Edited(new Sender("", ""), conversationId, text), new SentText(ByServer: true, IsEdit: true), CancellationToken.None);

    /// <summary>To be called when it is stored: moderators are told of words that are to be flagged.</summary>
    public async Task StoredAsync(Project project, string conversationId, long sequence, MessageDraft draft)
    {
        if (draft.FlaggedWords.Length > 0)
        {
            foreach (var step in wordSteps)
            {
                await step.FlagAsync(project, conversationId, sequence, draft);
            }
        }
    }

    private static MessageDraft Edited(Sender sender, string conversationId, string text) =>
        new("", sender.LoginId, sender.Uid, conversationId, MessageType.Text, "text/plain", text, "", 0, 0, 0);

    private async Task<MessageDraft> AskAsync(Project project, MessageDraft draft, SentText kind, CancellationToken cancellationToken)
    {
        if (project.AsksBeforeSend)
        {
            foreach (var step in beforeSteps)
            {
                draft = await step.BeforeAsync(project, draft, cancellationToken);
            }
        }

        return await CheckWordsAsync(project, draft, kind, cancellationToken);
    }

    private async Task<MessageDraft> CheckWordsAsync(
        Project project, MessageDraft draft, SentText kind, CancellationToken cancellationToken)
    {
        if (project.WordListVersion is not null)
        {
            foreach (var step in wordSteps)
            {
                draft = await step.CheckAsync(project, draft, kind, cancellationToken);
            }
        }

        return draft;
    }
}
