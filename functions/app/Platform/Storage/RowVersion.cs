using Azure;

namespace Vox.Platform.Storage;

/// <summary>
/// The state of a row when it was read or written; a write that names it fails when the row has changed since. Opaque: only stores and
/// rows turn it into what the storage knows, an ETag.
/// </summary>
public readonly record struct RowVersion
{
    private readonly ETag tag;

    private RowVersion(ETag tag) => this.tag = tag;

    /// <summary>Matches whatever state the row is in by then.</summary>
    public static RowVersion Any => new(ETag.All);

    public static implicit operator RowVersion(ETag tag) => new(tag);

    public static implicit operator ETag(RowVersion version) => version.tag;

    /// <summary>A text that is another one whenever the row has changed: what is remembered about a row is remembered under it.</summary>
    public override string ToString() => tag.ToString();
}
