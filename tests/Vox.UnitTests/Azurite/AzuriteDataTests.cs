using System.Collections.Concurrent;
using System.Diagnostics;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Vox.DevHost.DevTools;
using Vox.Tests.SignalR;

namespace Vox.Tests.Azurite;

/// <summary>What Azurite has acknowledged is in its folder, whichever process is killed and however soon it is started again.</summary>
public sealed class AzuriteDataTests : IDisposable
{
    // When the folder holds a file "slow", the next save takes longer than five seconds. Saves were once cut off after that time.
    private const string SaveSlowly = """
        import fs from "node:fs";
        const { writeFile } = fs;
        fs.writeFile = (file, ...rest) => {
          const slow = file.replace(/[^/]*$/, "slow");
          if (!fs.existsSync(slow)) return writeFile(file, ...rest);
          fs.rmSync(slow);
          setTimeout(() => writeFile(file, ...rest), 7000);
        };
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vox-data-");

    private AzuriteOptions Options => new() { BlobPort = 0, Location = folder.FullName };

    [Fact]
    public async Task Start_FormerIsStillThere_WaitsUntilItHasSavedAndLeft()
    {
        var former = await StartAsync(Options);
        await WriteAsync(former.ConnectionString, "row");
        await SignalAsync("STOP", former.ProcessId);
        var end = former.DisposeAsync().AsTask();

        var start = StartAsync(Options with { FolderTimeout = TimeSpan.FromMinutes(10) });
        // Two starts of another Azurite, one after the other, take longer than one start.
        for (var i = 0; i < 2; i++)
        {
            await (await StartAsync(new() { BlobPort = 0 })).DisposeAsync();
        }

        Assert.False(start.IsCompleted);
        await SignalAsync("CONT", former.ProcessId);

        await using var next = await start;
        await end;
        Assert.Equal(["row"], await RowsAsync(next));
    }

    [Fact]
    public async Task Start_OnThePortsOfTheFormer_WaitsForThem()
    {
        var former = await StartAsync(Options);
        await SignalAsync("STOP", former.ProcessId);
        var end = former.DisposeAsync().AsTask();

        var start = StartAsync(Options with { BlobPort = former.BlobPort });
        await SignalAsync("CONT", former.ProcessId);

        await using var next = await start;
        await end;
    }

    [Fact]
    public async Task Start_FormerDoesNotLeave_SaysWhichProcessAndWhatToDo()
    {
        using var former = await AzuriteChild.StartAsync(folder.FullName, ThreePorts(), SaveSlowly);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "slow"), "", TestContext.Current.CancellationToken);
        await WriteAsync(former.ConnectionString, "row");

        former.Process.StandardInput.Close();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAsync(Options with { FolderTimeout = TimeSpan.FromSeconds(2) }));

        Assert.StartsWith(
            $"The former Azurite (process {former.Process.Id}) has not saved and left {folder.FullName} within 2 seconds: end that process",
            error.Message);
        Assert.DoesNotContain(Environment.NewLine, error.Message);
    }

    [Fact]
    public async Task Start_SeveralAtOnce_OneHasTheFolderAndTheOthersSaySo()
    {
        var starts = Enumerable.Range(0, 3).Select(_ => StartAsync(Options with { FolderTimeout = TimeSpan.FromSeconds(5) })).ToArray();
        await Task.WhenAny(Task.WhenAll(starts), Task.Delay(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));

        await using var owner = await Assert.Single(starts, start => start.IsCompletedSuccessfully);
        Assert.All(starts.Where(start => start.IsFaulted), start =>
            Assert.StartsWith(
                $"The data in {folder.FullName} is in use by another Azurite (process {owner.ProcessId}): stop the app",
                start.Exception!.InnerException!.Message));
        await WriteAsync(owner.ConnectionString, "row");
        Assert.Equal(["row"], await RowsAsync(owner));
    }

    [Fact]
    public async Task Start_FileOfAProcessThatIsGone_IsNotWaitedFor()
    {
        // The second file has the id of a living process, but not the time of its start.
        var ids = new[] { int.MaxValue, Environment.ProcessId };
        foreach (var id in ids)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"azurite.{id}.1.owner"), "", TestContext.Current.CancellationToken);
        }

        await using var azurite = await StartAsync(Options with { FolderTimeout = TimeSpan.Zero });

        Assert.StartsWith($"azurite.{azurite.ProcessId}.", Assert.Single(Owners()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_TakesItsFileAway()
    {
        await (await StartAsync(Options)).DisposeAsync();

        Assert.Empty(Owners());
    }

    [Fact]
    public async Task Write_IsSavedSoon()
    {
        await using var azurite = await StartAsync(Options);
        var table = new TableClient(azurite.ConnectionString, "rows");
        await table.CreateAsync();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
        {
            await table.AddEntityAsync(new TableEntity("p", $"soon-{i}"));
            while (!await IsSavedAsync($"soon-{i}"))
            {
                await Task.Delay(20);
            }
        }

        // By itself, Azurite saves every five seconds, so ten saves would take fifty seconds.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task StarterGone_WhileASaveTakesLong_EverythingIsSaved()
    {
        using var former = await AzuriteChild.StartAsync(folder.FullName, ThreePorts(), SaveSlowly);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "slow"), "", TestContext.Current.CancellationToken);
        await WriteAsync(former.ConnectionString, "row");

        former.Process.StandardInput.Close();

        await using var next = await StartAsync(Options);
        await former.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, former.Process.ExitCode);
        Assert.Equal(["row"], await RowsAsync(next));
    }

    [Fact]
    public async Task StarterKilled_TenTimesUnderLoad_NothingAcknowledgedIsLost()
    {
        var acknowledged = new ConcurrentQueue<string>();
        await using (var first = await StartAsync(Options))
        {
            await new TableClient(first.ConnectionString, "rows").CreateAsync();
            await new BlobContainerClient(first.ConnectionString, "blobs").CreateAsync();
        }

        var port = ThreePorts();
        for (var round = 0; round < 10; round++)
        {
            using var azurite = await AzuriteChild.StartAsync(folder.FullName, port, throughStarter: true);
            var writers = Enumerable.Range(0, 8)
                .Select(writer => WriteUntilItIsGoneAsync(azurite, $"{round}-{writer}", acknowledged)).ToArray();
            await Eventually.IsTrueAsync(() => acknowledged.Count >= (round + 1) * 30);
            azurite.Process.Kill();
            if (round % 2 == 0)
            {
                await Task.WhenAll(writers);
            }
        }

        await using var last = await StartAsync(Options);
        var rows = await RowsAsync(last);
        Assert.Empty(acknowledged.Except(rows, StringComparer.Ordinal));
        var container = new BlobContainerClient(last.ConnectionString, "blobs");
        foreach (var name in acknowledged.Where((_, i) => i % 20 == 0))
        {
            Assert.Equal(name, (await container.GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString());
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static Task<AzuriteProcess> StartAsync(AzuriteOptions options)
        => AzuriteProcess.StartAsync(options, TestContext.Current.CancellationToken);

    private static async Task WriteAsync(string connection, string row)
    {
        var table = new TableClient(connection, "rows");
        await table.CreateIfNotExistsAsync();
        await table.AddEntityAsync(new TableEntity("p", row));
    }

    private static async Task<List<string>> RowsAsync(AzuriteProcess azurite)
    {
        var rows = new List<string>();
        await foreach (var row in new TableClient(azurite.ConnectionString, "rows").QueryAsync<TableEntity>())
        {
            rows.Add(row.RowKey);
        }

        return rows;
    }

    /// <summary>Writes a blob and a row that names it, again and again.</summary>
    private static async Task WriteUntilItIsGoneAsync(AzuriteChild azurite, string prefix, ConcurrentQueue<string> acknowledged)
    {
        var tables = new TableClientOptions { Retry = { MaxRetries = 0 } };
        var blobs = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        var table = new TableClient(azurite.ConnectionString, "rows", tables);
        var container = new BlobContainerClient(azurite.ConnectionString, "blobs", blobs);
        try
        {
            for (var i = 0; !azurite.Process.HasExited; i++)
            {
                var name = $"{prefix}-{i}";
                await container.UploadBlobAsync(name, BinaryData.FromString(name));
                await table.AddEntityAsync(new TableEntity("p", name));
                acknowledged.Enqueue(name);
            }
        }
        catch (RequestFailedException)
        {
            // Azurite has ended.
        }
    }

    private IEnumerable<string> Owners()
        => Directory.EnumerateFiles(folder.FullName, "azurite.*.owner").Select(file => Path.GetFileName(file));

    private async Task<bool> IsSavedAsync(string row)
    {
        var file = Path.Combine(folder.FullName, "__azurite_db_table__.json");
        return (await File.ReadAllTextAsync(file)).Contains(row, StringComparison.Ordinal);
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

    private static async Task SignalAsync(string signal, int processId)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync();
    }
}
