using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Contacts;

[JsonSerializable(typeof(BlockList))]
[JsonSerializable(typeof(ContactAdded))]
[JsonSerializable(typeof(ContactList))]
[JsonSerializable(typeof(ContactRequest))]
[JsonSerializable(typeof(JoinedEvent))]
internal sealed partial class ContactJson : JsonSerializerContext
{
    public static ContactJson Wire { get; } = new(WireFormat.NewOptions());
}
