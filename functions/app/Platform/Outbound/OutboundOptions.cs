namespace Vox.Platform.Outbound;

/// <summary>Requests to addresses that customers give us. Section <c>Outbound</c>.</summary>
public sealed class OutboundOptions
{
    public const string Section = "Outbound";

    /// <summary>
    /// Whether they may go to this machine itself, also without https: for development, where the customer's server runs beside ours. Never
    /// on a server that others can reach. Default false.
    /// </summary>
    public bool AllowLoopback { get; set; }
}
