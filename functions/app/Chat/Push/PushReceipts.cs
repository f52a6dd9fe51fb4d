using System.Globalization;
using Vox.Chat.Conversations.Receipts;
using Vox.Chat.Devices;
using Vox.Chat.Sessions;

namespace Vox.Chat.Push;

/// <summary>
/// Lets a browser's service worker say that a push message has arrived, while no page is open and so no access token is there. What it gets
/// for this is good for one message, a day, and nothing else; it ends with the session.
/// </summary>
public sealed class PushReceipts(SignedClaims signed, ReceiptService receipts, TimeProvider time)
{
    /// <summary>The issuer of the signed text tells what it is good for: <c>vox-push|c8fJ…|7</c>.</summary>
    private const string Issuer = "vox-push";

    internal ValueTask<string> CreateAsync(Device device, PushNotice notice, CancellationToken cancellationToken) => signed.CreateAsync(
        string.Create(CultureInfo.InvariantCulture, $"{Issuer}|{notice.Conversation}|{notice.Sequence}"),
        new AccessClaims(
            device.User.ProjectId, device.User.LoginId, device.User.Uid, device.SessionId, time.GetUtcNow() + PushAnswers.Lifetime),
        cancellationToken);

    /// <returns>Whose it is and which message it is about. Null for what is not good.</returns>
    internal async ValueTask<(AccessClaims Claims, Receipt Receipt)?> ReadAsync(string text, CancellationToken cancellationToken) =>
        signed.IssuerOf(text) is { } issuer && issuer.Split('|') is [Issuer, var conversation, var sequence]
        && await signed.ReadAsync(issuer, text, cancellationToken) is { } claims
            ? (claims, new Receipt(conversation, long.Parse(sequence, CultureInfo.InvariantCulture)))
            : null;

    internal Task MarkAsync(Caller caller, Receipt receipt, CancellationToken cancellationToken) =>
        receipts.MarkAsync(caller, new ReceiptsRequest([receipt]), cancellationToken);
}
