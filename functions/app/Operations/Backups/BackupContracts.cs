namespace Vox.Operations.Backups;

/// <param name="On">Whether changes are backed up.</param>
/// <param name="ExportedThrough">What was acknowledged before this time is in the backup, Unix ms. Absent before the first export.</param>
/// <param name="PassBegan">When the present or last pass over all rows began, Unix ms. A restore needs a complete one.</param>
/// <param name="PassEnded">When it was complete. Absent while it is under way.</param>
/// <param name="PassRows">How many rows it has exported.</param>
internal sealed record BackupResponse(bool On, bool Restoring, long? ExportedThrough, long? PassBegan, long? PassEnded, long PassRows);

/// <summary><c>POST /api/operator/v1/restore</c></summary>
/// <param name="Until">The time whose state is wanted, such as <c>2026-11-30T08:15:00Z</c>. Default: the newest.</param>
internal sealed record RestoreRequest(DateTimeOffset? Until = null);

/// <param name="Step">
/// <c>projects</c> (only with several storage accounts), <c>rows</c>, <c>erasures</c>, <c>deleteLog</c>, <c>check</c>, <c>log</c>
/// or <c>done</c>.
/// </param>
/// <param name="Project">The only project that it is about. Absent for all.</param>
/// <param name="Segments">Files of the backup that the steps <c>projects</c> and <c>rows</c> have read, each from 0.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="Removed">Rows that were removed, because they belonged to no message or conversation.</param>
/// <param name="Missing">Messages that should be there and are not. More than 0 is a reason to look closer.</param>
/// <param name="Erasures">Erasures that are done again once the app serves again.</param>
/// <param name="Logged">Rows of logs that are written.</param>
/// <param name="Epoch">The epoch that conversations got.</param>
/// <param name="Problem">Why the last run failed. The next one goes on there.</param>
internal sealed record RestoreResponse(
    string Step, string? Project, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, long Segments, long Rows, long Conversations,
    long Messages, long Removed, long Missing, long Logged, long Erasures, long? Epoch, string? Problem)
{
    public static RestoreResponse Of(RestoreState state) => new(
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(state.Step.ToString()), state.Project, state.StartedAt, state.FinishedAt,
        state.Segments, state.Rows, state.Check?.Conversations ?? 0, state.Check?.Messages ?? 0, state.Check?.Removed ?? 0,
        state.Check?.Missing ?? 0, state.Logged, state.Erasures, state.Epoch, state.Problem);
}
