using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Receipts;

[JsonSerializable(typeof(GroupReceipts))]
[JsonSerializable(typeof(ReceiptEvent))]
[JsonSerializable(typeof(ReceiptsRequest))]
[JsonSerializable(typeof(ReceiptsResponse))]
internal sealed partial class ReceiptJson : JsonSerializerContext
{
    public static ReceiptJson Wire { get; } = new(WireFormat.NewOptions());
}
