namespace Vox.Chat.Model;

/// <summary>The name that takes the place of a login id when its user is erased: <c>erased-k3v9q0d2m7x1</c>.</summary>
internal static class Erased
{
    private const string Prefix = "erased-";
    private const int Length = 16;

    /// <summary>Another one for each user, so that apps that tell users apart by their names still do.</summary>
    public static string NewPseudonym() => Prefix + RandomIds.Create(Length).ToLowerInvariant();

    /// <summary>Nobody may take such a name: they would look like the partner of old conversations.</summary>
    public static bool IsPseudonym(string loginId) =>
        loginId.Length == Prefix.Length + Length && loginId.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && loginId.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', 'z') < 0;
}
