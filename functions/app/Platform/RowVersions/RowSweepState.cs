using Vox.Platform.Storage;

namespace Vox.Platform.RowVersions;

/// <summary>How far the sweep of a table is.</summary>
/// <param name="Version">The shape that the pass brings rows to.</param>
/// <param name="Account">The number of the storage account that the pass has come to.</param>
/// <param name="Next">Where to read on in it; null at its beginning.</param>
/// <param name="Rows">Rows that the pass has read.</param>
/// <param name="Changed">Rows that it has brought to the newest shape.</param>
/// <param name="FinishedAt">Null while the pass is under way.</param>
public sealed record RowSweepState(
    string Table, int Version, int Account, string? Next, long Rows, long Changed, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    RowVersion Etag);
