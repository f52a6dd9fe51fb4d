using System.Globalization;

namespace Vox.DevHost;

/// <summary>
/// Ids in the form of a GUID that are unique in this process and beyond. A random GUID for each invocation would cost a system call.
/// </summary>
internal static class InvocationIds
{
    // A GUID without its last group.
    private static readonly string Prefix = Guid.NewGuid().ToString()[..24];

    private static long last;

    public static string Next() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Interlocked.Increment(ref last):x12}");
}
