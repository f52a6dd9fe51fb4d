using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;
using Vox.DevHost;

[assembly: WorkerExtensionStartup(typeof(DevelopmentHostStartup))]

namespace Vox.DevHost;

/// <summary>
/// Called by code that the Functions SDK generates into the app: an app that references this assembly needs no line of code for it.
/// </summary>
public sealed class DevelopmentHostStartup : WorkerExtensionStartup
{
    /// <inheritdoc/>
    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder) =>
        DevelopmentHost.AddTo(applicationBuilder.Services);
}
