using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Protection;

/// <summary>How long a project keeps its log, its messages and its files. 0 days are for ever.</summary>
public sealed class RetentionService(ProjectService projects, IEnumerable<IDataRecordStep> records)
{
    public const int MaxDays = 3_650;

    public static RetentionView Read(Project project) =>
        new(project.RetentionDays ?? 0, project.MessageDays ?? 0, project.FileDays ?? 0);

    /// <summary>Changes what the request has.</summary>
    /// <exception cref="VoxException">invalid_field</exception>
    public async Task<RetentionView> ChangeAsync(
        Project project, RetentionRequest request, DataActor actor, CancellationToken cancellationToken)
    {
        Check(request.LogDays, "logDays");
        Check(request.MessageDays, "messageDays");
        Check(request.FileDays, "fileDays");
        var changed = Read(await projects.UpdateAsync(
            project.Id,
            present => present with
            {
                RetentionDays = Changed(request.LogDays, present.RetentionDays),
                MessageDays = Changed(request.MessageDays, present.MessageDays),
                FileDays = Changed(request.FileDays, present.FileDays),
            },
            cancellationToken));
        foreach (var record in records)
        {
            await record.RecordAsync(
                project.Id, actor, "data.retention_changed",
                $"Log {Text(changed.LogDays)}, messages {Text(changed.MessageDays)}, files {Text(changed.FileDays)}", cancellationToken);
        }

        return changed;
    }

    private static int? Changed(int? wanted, int? present) => wanted switch
    {
        null => present,
        0 => null,
        var days => days,
    };

    private static string Text(int days) => days == 0 ? "for ever" : $"{days} days";

    private static void Check(int? days, string field)
    {
        if (days is < 0 or > MaxDays)
        {
            throw new VoxException(Errors.InvalidField, $"{field} must be from 1 to {MaxDays:N0}, or 0 for ever.", field);
        }
    }
}
