using System.ComponentModel;

namespace Vox.Chat.Push;

internal sealed record WebPushKey(
    [property: Description("The applicationServerKey for PushManager.subscribe: base64url. It never changes.")]
    string PublicKey);
