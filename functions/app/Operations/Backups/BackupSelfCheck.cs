using System.Globalization;
using Microsoft.Extensions.Options;
using Vox.Platform.SelfChecks;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>How old the backup is. <see cref="BackupAccountSelfCheck"/> says whether its account can be used.</summary>
internal sealed class BackupSelfCheck(BackupExport export, StorageAdvice advice, IOptions<BackupOptions> options, TimeProvider time)
    : ISelfCheck
{
    private const string Name = "backup";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>Twice the objective.</summary>
    private static readonly TimeSpan TooOld = TimeSpan.FromMinutes(30);

    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.NotesChanges)
        {
            return [];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return [AgeOf(await export.StateAsync(limit.Token))];
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return [new Finding(Name, FindingLevel.Error, "How old the backup is cannot be found out.", advice.Explain(e))];
        }
    }

    private Finding AgeOf(ExportState state)
    {
        if (state.ExportedThrough == 0)
        {
            return Old("Nothing is backed up yet.");
        }

        var through = DateTimeOffset.FromUnixTimeMilliseconds(state.ExportedThrough);
        var what = $"Everything until {through.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC is backed up.";
        return time.GetUtcNow() - through > TooOld ? Old(what) : new Finding(Name, FindingLevel.Ok, what);
    }

    private static Finding Old(string what) => new(
        Name, FindingLevel.Warning, what,
        "The timer BackUpTables runs every five minutes. If it has had the time, see whether it runs and what it fails with "
        + "(docs/operations.md, Timers).");
}
