using System.Text.Json.Serialization;

namespace Vox.Platform.Mail;

[JsonSerializable(typeof(MailMessage))]
internal sealed partial class MailJson : JsonSerializerContext
{
    public static MailJson Stored { get; } = new();
}
