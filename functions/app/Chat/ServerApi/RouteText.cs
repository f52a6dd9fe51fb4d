namespace Vox.Chat.ServerApi;

/// <summary>A part of the path that is a customer's own text.</summary>
internal static class RouteText
{
    /// <summary>Servers leave an encoded slash as it is, because it would make another path. An id may contain one.</summary>
    public static string Decode(string part) =>
        part.Contains('%', StringComparison.Ordinal) ? part.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : part;
}
