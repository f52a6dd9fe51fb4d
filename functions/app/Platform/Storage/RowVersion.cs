using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Azure;

namespace Vox.Platform.Storage;

/// <summary>
/// The state of a row when it was read or written; a write that names it fails when the row has changed since. Opaque: only stores and
/// rows turn it into what the storage knows, an ETag.
/// </summary>
public readonly record struct RowVersion
{
    private const string BeforeTime = "W/\"datetime'";
    private const string AfterTime = "'\"";
    private const byte Time = 1;
    private const byte Text = 0;

    private readonly ETag tag;

    private RowVersion(ETag tag) => this.tag = tag;

    /// <summary>Matches whatever state the row is in by then.</summary>
    public static RowVersion Any => new(ETag.All);

    public static implicit operator RowVersion(ETag tag) => new(tag);

    public static implicit operator ETag(RowVersion version) => version.tag;

    /// <summary>A text that is another one whenever the row has changed: what is remembered about a row is remembered under it.</summary>
    public override string ToString() => tag.ToString();

    /// <summary>
    /// In as few bytes as possible: Azure's ETags are times, to a ten-millionth of a second, and take 9. Any other is its text.
    /// </summary>
    public byte[] ToBytes()
    {
        var text = tag.ToString();
        if (text.StartsWith(BeforeTime, StringComparison.Ordinal) && text.EndsWith(AfterTime, StringComparison.Ordinal)
            && text.Length > BeforeTime.Length + AfterTime.Length
            && DateTime.TryParse(
                Uri.UnescapeDataString(text[BeforeTime.Length..^AfterTime.Length]), CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal, out var time)
            && OfTime(time.Ticks) == text)
        {
            var bytes = new byte[9];
            bytes[0] = Time;
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), time.Ticks);
            return bytes;
        }

        return [Text, .. Encoding.UTF8.GetBytes(text)];
    }

    /// <returns>False when <see cref="ToBytes"/> did not make the bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RowVersion version)
    {
        var text = bytes switch
        {
            [Time, .. { Length: 8 } ticks] => OfTime(BinaryPrimitives.ReadInt64BigEndian(ticks)),
            [Text, .. { Length: > 0 } rest] => Encoding.UTF8.GetString(rest),
            _ => null,
        };
        version = text is null ? default : new(new ETag(text));
        return text is not null;
    }

    private static string? OfTime(long ticks) => ticks < 0 || ticks > DateTime.MaxValue.Ticks
        ? null
        : BeforeTime + new DateTime(ticks, DateTimeKind.Utc).ToString(
            "yyyy-MM-dd'T'HH'%3A'mm'%3A'ss.fffffff'Z'", CultureInfo.InvariantCulture) + AfterTime;
}
