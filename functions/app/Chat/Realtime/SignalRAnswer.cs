namespace Vox.Chat.Realtime;

/// <summary>Explains the SignalR service's answers to whoever runs the app.</summary>
internal static class SignalRAnswer
{
    /// <param name="status">0 when there was no answer.</param>
    public static string Explain(int status, string reason) => status switch
    {
        401 => "The SignalR service refuses the access key: copy the connection string again, and see that the clock is right.",
        403 =>
            "The SignalR service refuses this identity: give it the role SignalR Service Owner on the service "
            + "(infra-bicep/modules/rbac.bicep).",
        429 => "The SignalR service is overloaded: add units.",
        0 => $"The SignalR service does not answer ({reason}): check its address and the network.",
        _ => $"The SignalR service answers {status}.",
    };
}
