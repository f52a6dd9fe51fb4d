using System.Text.Json.Serialization;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Devices;
using Vox.Chat.Moderation;
using Vox.Chat.Scheduled;
using Vox.Platform.Http;

namespace Vox.Chat.Exports;

[JsonSerializable(typeof(ExportedContact))]
[JsonSerializable(typeof(ExportedConversation))]
[JsonSerializable(typeof(ExportedFile))]
[JsonSerializable(typeof(ExportedFlag))]
[JsonSerializable(typeof(ExportedMember))]
[JsonSerializable(typeof(ExportedProject))]
[JsonSerializable(typeof(ExportedReaction))]
[JsonSerializable(typeof(ExportedSession))]
[JsonSerializable(typeof(ExportedUser))]
[JsonSerializable(typeof(ExportLink))]
[JsonSerializable(typeof(ExportList))]
[JsonSerializable(typeof(ExportManifest))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(ScheduledView))]
[JsonSerializable(typeof(ExportedDevice))]
internal sealed partial class ExportJson : JsonSerializerContext
{
    public static ExportJson Wire { get; } = new(WireFormat.NewOptions());
}
