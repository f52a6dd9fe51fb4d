using Vox.Chat.Conversations.Storage;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Conversations.Receipts;

/// <summary>Tells customers' servers how far somebody has received and read, where they ask for it.</summary>
public sealed class ReceiptServerEvents(IProjectEvents events, TimeProvider time)
{
    public async Task TellAsync(Caller caller, ConversationKey key, Mark before, Mark after)
    {
        if (after.Delivered > before.Delivered)
        {
            await TellAsync(caller, key, EventTypes.MessageDelivered, after.Delivered);
        }

        if (after.Read > before.Read)
        {
            await TellAsync(caller, key, EventTypes.MessageRead, after.Read);
        }
    }

    private async Task TellAsync(Caller caller, ConversationKey key, string type, long sequence)
    {
        if (caller.Project.Wants(type))
        {
            await events.TellAsync(
                key.ProjectId, type, time.GetUtcNow(), new ReceiptEventData(key.Id, caller.LoginId, sequence),
                EventJson.Wire.ReceiptEventData, key.Id, caller.Sender.Uid, $"{sequence}");
        }
    }
}
