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
    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder)
    {
        try
        {
            DevelopmentHost.AddTo(applicationBuilder.Services);
        }
        catch (InvalidOperationException e)
        {
            // The message is about a port. A stack trace would only hide it.
            Console.Error.WriteLine(e.Message);
            Environment.Exit(1);
        }
    }
}
