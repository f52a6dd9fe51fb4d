using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>
/// In restore mode nothing but the restore may write: whoever logged in or sent meanwhile would write into half a database. Clients try
/// again by themselves, as in any outage.
/// </summary>
internal sealed class RestoreGate(IOptions<BackupOptions> options) : IFunctionsWorkerMiddleware
{
    public const string Timer = "RestoreTables";

    private static readonly string[] Open =
        ["/api/operator/v1/backup", "/api/operator/v1/restore", "/api/operator/v1/failover", "/api/health"];

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (!options.Value.Restoring || context.FunctionDefinition.Name is Timer or "RebuildLog")
        {
            return next(context);
        }

        if (context.GetHttpContext() is not { } http)
        {
            // A timer comes again. A message of a queue would be gone: the trigger keeps it when its function fails.
            return context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "queueTrigger")
                ? throw Closed()
                : Task.CompletedTask;
        }

        return Array.Exists(Open, open => http.Request.Path.StartsWithSegments(open, StringComparison.OrdinalIgnoreCase))
            ? next(context)
            : throw Closed();
    }

    private static VoxException Closed() => new(
        Errors.Restoring, "The data are being restored from a backup: try again later.", retryAfter: TimeSpan.FromSeconds(30));
}
