using System.Diagnostics;
using Azure.Data.Tables;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Cluster;

/// <summary>An Azurite with its data in a folder, which can be killed and comes back on the same ports.</summary>
internal sealed class DurableAzurite : IAsyncDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "vox-azurite-" + Guid.NewGuid().ToString("N"));
    private AzuriteProcess azurite = null!;

    public int BlobPort => azurite.BlobPort;

    public int TablePort => azurite.TablePort;

    public static async Task<DurableAzurite> StartAsync()
    {
        var durable = new DurableAzurite();
        durable.azurite = await durable.LaunchAsync(ThreePorts());
        return durable;
    }

    /// <summary>
    /// Completes when everything that it has answered so far is in its files. Azurite writes its files some time after a change, while the
    /// real storage keeps everything that it has confirmed. So a kill is like one of the real storage only after this, and while no request
    /// is let through.
    /// </summary>
    public async Task SaveAsync()
    {
        var marker = Guid.NewGuid().ToString("N");
        var table = new TableClient(azurite.ConnectionString, "marker");
        await table.CreateIfNotExistsAsync();
        await table.AddEntityAsync(new TableEntity(marker, "saved"));
        while (!IsSaved(marker))
        {
            await Task.Delay(100);
        }
    }

    /// <summary>Kills it like <c>kill -9</c>, and starts it again.</summary>
    public async Task KillAndStartAsync()
    {
        var blobPort = azurite.BlobPort;
        using (var process = Process.GetProcessById(azurite.ProcessId))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await azurite.DisposeAsync();
        azurite = await LaunchAsync(blobPort);
    }

    public async ValueTask DisposeAsync()
    {
        await azurite.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task<AzuriteProcess> LaunchAsync(int blobPort) => AzuriteProcess.StartAsync(
        new AzuriteOptions { BlobPort = blobPort, Location = folder, StartTimeout = TimeSpan.FromMinutes(5) }, CancellationToken.None);

    private bool IsSaved(string marker)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "__azurite_db_table__.json")).Contains(marker, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It is just being replaced.
            return false;
        }
    }

    private static int ThreePorts()
    {
        while (true)
        {
            var first = FreePort.Find();
            if (FreePort.IsFree(first + 1) && FreePort.IsFree(first + 2))
            {
                return first;
            }
        }
    }
}
