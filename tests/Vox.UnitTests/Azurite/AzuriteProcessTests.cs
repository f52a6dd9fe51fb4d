using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Vox.DevHost.DevTools;
using Vox.Tests.SignalR;

namespace Vox.Tests.Azurite;

public sealed class AzuriteProcessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vox-azurite-");

    [Fact]
    public async Task Start_OnFreePorts_ServesBlobsAndTables()
    {
        await using var azurite = await StartAsync(new() { BlobPort = 0 });

        var container = new BlobContainerClient(azurite.ConnectionString, "files");
        await container.CreateAsync();
        await container.UploadBlobAsync("a", BinaryData.FromString("x"));
        var table = new TableClient(azurite.ConnectionString, "rows");
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        Assert.Equal("x", (await container.GetBlobClient("a").DownloadContentAsync()).Value.Content.ToString());
        Assert.Equal("r", (await table.GetEntityAsync<TableEntity>("p", "r")).Value.RowKey);
    }

    [Fact]
    public async Task Start_SameFolderAgain_FindsItsData()
    {
        var options = new AzuriteOptions { BlobPort = 0, Location = Path.Combine(folder.FullName, "data") };
        await using (var first = await StartAsync(options))
        {
            var table = new TableClient(first.ConnectionString, "rows");
            await table.CreateAsync();
            await table.AddEntityAsync(new TableEntity("p", "r"));
        }

        await using var second = await StartAsync(options);

        Assert.Equal("r", (await new TableClient(second.ConnectionString, "rows").GetEntityAsync<TableEntity>("p", "r")).Value.RowKey);
    }

    [Fact]
    public async Task Dispose_EndsTheProcessAndFreesItsPorts()
    {
        var azurite = await StartAsync(new() { BlobPort = 0 });
        using var process = Process.GetProcessById(azurite.ProcessId);

        await azurite.DisposeAsync();

        Assert.True(process.HasExited);
        Assert.True(FreePort.IsFree(azurite.BlobPort) && FreePort.IsFree(azurite.QueuePort) && FreePort.IsFree(azurite.TablePort));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Start_PortInUse_SaysWhichAndWhatToDo(int offset)
    {
        var (listener, port) = Occupy(offset);
        using (listener)
        {
            var error = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => StartAsync(new() { BlobPort = port }));

            Assert.Contains($"Port {port + offset} is in use", error.Message);
            Assert.Contains("VOX_AZURITE_PORT", error.Message);
        }
    }

    [Fact]
    public async Task Start_AzuriteFails_ErrorShowsItsOutput()
    {
        var file = Path.Combine(folder.FullName, "data");
        Directory.CreateDirectory(Path.Combine(file, "__azurite_db_blob__.json"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new() { BlobPort = 0, Location = file }));

        Assert.Contains("EISDIR", error.Message);
    }

    [Fact]
    public async Task Start_CopiedBuildWithoutAzurite_SaysWhatToDo()
    {
        var nowhere = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAsync(new() { BlobPort = 0, AppFolder = folder.FullName }));

        foreach (var script in Directory.EnumerateFiles(
            Path.GetDirectoryName(LocalPaths.AzuriteScriptOf(AppContext.BaseDirectory))!, "*.mjs"))
        {
            File.Copy(script, Path.Combine(folder.FullName, Path.GetFileName(script)));
        }

        var notInstalled = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAsync(new() { BlobPort = 0, AppFolder = folder.FullName }));

        Assert.All([nowhere, notInstalled], error =>
        {
            Assert.Contains("set AzureWebJobsStorage to a storage account, or run from a clone", error.Message);
            Assert.DoesNotContain(Environment.NewLine, error.Message);
        });
    }

    [Fact]
    public async Task Start_CopiedBuildWithAzuriteBesideIt_Runs()
    {
        var tools = Path.GetDirectoryName(LocalPaths.AzuriteScriptOf(AppContext.BaseDirectory))!;
        foreach (var script in Directory.EnumerateFiles(tools, "*.mjs"))
        {
            File.Copy(script, Path.Combine(folder.FullName, Path.GetFileName(script)));
        }

        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "node_modules"), Path.Combine(tools, "..", "node_modules"));

        await using var azurite = await StartAsync(new() { BlobPort = 0, AppFolder = folder.FullName });

        await new TableClient(azurite.ConnectionString, "rows").CreateAsync();
    }

    [Fact]
    public async Task Start_Cancelled_LeavesNothing()
    {
        var port = FreePort.Find();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => AzuriteProcess.StartAsync(new() { BlobPort = port }, cancellation.Token));

        Assert.True(FreePort.IsFree(port));
    }

    [Fact]
    public async Task StarterKilled_AzuriteEndsToo()
    {
        var ports = FreePort.FindMany(3);
        var wrapper = LocalPaths.AzuriteScriptOf(AppContext.BaseDirectory);
        string[] arguments =
            [
                wrapper, "--inMemoryPersistence", "--disableTelemetry", "--blobPort", $"{ports[0]}", "--queuePort", $"{ports[1]}",
                "--tablePort", $"{ports[2]}"
            ];
        var script =
            $"require('child_process').spawn('node', {System.Text.Json.JsonSerializer.Serialize(arguments)}, "
                + "{ stdio: ['pipe', 'ignore', 'ignore'] })";
        using var starter = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { "-e", script },
        })!;
        await Eventually.IsTrueAsync(() => !FreePort.IsFree(ports[2]));

        starter.Kill();

        await Eventually.IsTrueAsync(() => ports.All(FreePort.IsFree));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static Task<AzuriteProcess> StartAsync(AzuriteOptions options)
        => AzuriteProcess.StartAsync(options, TestContext.Current.CancellationToken);

    // Occupies the port at this distance from a first port that stays free.
    private static (TcpListener Listener, int FirstPort) Occupy(int offset)
    {
        while (true)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var first = ((IPEndPoint)listener.LocalEndpoint).Port - offset;
            if (Enumerable.Range(first, offset).All(FreePort.IsFree))
            {
                return (listener, first);
            }

            listener.Dispose();
        }
    }
}
