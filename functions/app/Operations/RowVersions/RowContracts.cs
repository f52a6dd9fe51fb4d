namespace Vox.Operations.RowVersions;

public sealed record RowVersionList(IReadOnlyList<RowVersionResponse> Tables);

/// <param name="Version">The shape that this release writes.</param>
/// <param name="PassVersion">The shape that the last pass brought rows to; absent when none has begun.</param>
/// <param name="Rows">Rows that the last pass has read.</param>
/// <param name="Changed">Rows of an older shape that it has met. 0 at the end of a pass: there are none left.</param>
/// <param name="FinishedAt">Absent while the pass is under way.</param>
public sealed record RowVersionResponse(
    string Table, int Version, int? PassVersion, long Rows, long Changed, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
