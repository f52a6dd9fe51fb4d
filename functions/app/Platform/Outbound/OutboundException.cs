namespace Vox.Platform.Outbound;

/// <summary>A request to a customer's address was not made, or its answer is of no use. The message is a sentence for them.</summary>
public sealed class OutboundException(string message, Exception? inner = null) : Exception(message, inner);
