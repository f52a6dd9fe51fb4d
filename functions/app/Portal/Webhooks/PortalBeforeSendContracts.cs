using Vox.Chat.Webhooks;

namespace Vox.Portal.Webhooks;

/// <param name="Hook">Absent when the project has none.</param>
internal sealed record PortalBeforeSend(BeforeSendView? Hook);
