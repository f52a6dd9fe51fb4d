namespace Vox.Chat.Webhooks;

/// <summary>An address of the customer's that is asked before a message is stored.</summary>
/// <param name="Secret">Signs what is sent: <c>whsec_</c> and Base64.</param>
/// <param name="Milliseconds">How long an answer may take.</param>
/// <param name="AllowsOnFailure">Whether a message is stored when there is no good answer.</param>
public sealed record BeforeSendHook(string ProjectId, string Url, string Secret, int Milliseconds, bool AllowsOnFailure);
