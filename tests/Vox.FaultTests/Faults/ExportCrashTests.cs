using System.Formats.Tar;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Exports;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>An export goes on where a killed process has left it: real processes, killed while they write.</summary>
public sealed class ExportCrashTests(Backends backends)
{
    private const int Messages = 150;
    private const int Files = 6;

    private readonly ShiftedTime clock = new();

    [Fact]
    public async Task ExportProject_ProcessIsKilledTwiceWhileItWrites_TheArchiveHasEverythingOnce()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: prefix);
        var project = await observer.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.CreateUserAsync("bob");
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var n = 0; n < Files; n++)
        {
            // More than a piece each, so that a kill also falls between two pieces of one file.
            var content = Enumerable.Range(0, 9_500_000 + n).Select(at => (byte)(at * (31 + n) >> 3)).ToArray();
            var file = await alice.SendFileAsync("bob", $"file {n}.bin", content);
            files[$"files/{file.GetProperty("key").GetString()}"] = content;
        }

        for (var n = 0; n < Messages; n++)
        {
            await alice.SendMessageAsync("bob", $"text {n}");
        }

        await observer.SettleAsync(project.Id);
        var asked = await observer.Http.PostAsync("/api/data/exports", Keys(project)).JsonAsync();
        var id = asked.GetProperty("id").GetString()!;

        var (store, written) = (observer.Get<ExportStore>(), new List<long>());
        for (var kill = 0; kill < 2; kill++)
        {
            await using var mortal = await VoxProcess.StartAsync(backends, prefix);
            using var run = new HttpRequestMessage(HttpMethod.Post, "/admin/functions/WriteExports")
            {
                Content = JsonContent.Create(new { }),
            };
            run.Headers.Add("x-functions-key", "local-master-key");
            await mortal.Http.SendAsync(run).TextAsync(202);
            var before = (await store.FindAsync(project.Id, id, CancellationToken.None))!.Bytes;
            Export export;
            while ((export = (await store.FindAsync(project.Id, id, CancellationToken.None))!).Bytes <= before + ExportWork.PieceBytes)
            {
                await Task.Delay(1);
            }

            await mortal.KillAsync();
            Assert.Equal(ExportState.Running, export.State);
            written.Add(export.Bytes);

            // Its lease ends for the next process, whose clock is the real one.
            var left = (await store.FindAsync(project.Id, id, CancellationToken.None))!;
            Assert.NotNull(await store.TrySaveAsync(left, left with { DueAt = TimeProvider.System.GetUtcNow() }, CancellationToken.None));
        }

        clock.Advance(ExportWork.Lease);
        await observer.Get<ExportWork>().RunAsync(CancellationToken.None);

        var entries = await ReadAsync(await DownloadAsync(project, id));
        TestContext.Current.TestOutputHelper?.WriteLine($"Killed at {string.Join(", ", written)} bytes; {entries.Count} entries.");
        Assert.All(files, file => Assert.Equal(file.Value, entries[file.Key]));
        Assert.Equal(
            Enumerable.Range(0, Messages).Select(n => $"text {n}").Order(StringComparer.Ordinal),
            Lines(entries, "messages").Select(line => line.GetProperty("data").GetString()!)
                .Where(text => text.StartsWith("text", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var manifest = JsonSerializer.Deserialize<JsonElement>(entries["manifest.json"]);
        Assert.Equal(
            (entries.Count - 1, 0), (manifest.GetProperty("files").GetInt32(), manifest.GetProperty("missing").GetInt32()));
    }

    private static async Task<byte[]> DownloadAsync(TestProject project, string id)
    {
        var link = await project.App.Http.PostAsync($"/api/data/exports/{id}/link", Keys(project)).JsonAsync();
        return await UploadClient.Storage.GetByteArrayAsync(link.GetProperty("url").GetString());
    }

    /// <summary>The entries by name. A name that comes twice fails.</summary>
    private static async Task<Dictionary<string, byte[]>> ReadAsync(byte[] archive)
    {
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var reader = new TarReader(new MemoryStream(archive));
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            if (entry.DataStream is { } data)
            {
                await data.CopyToAsync(content);
            }

            entries.Add(entry.Name, content.ToArray());
        }

        return entries;
    }

    private static IEnumerable<JsonElement> Lines(Dictionary<string, byte[]> entries, string section) => entries
        .Where(entry => entry.Key.StartsWith(section + "/", StringComparison.Ordinal))
        .SelectMany(entry => Encoding.UTF8.GetString(entry.Value).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private static FormUrlEncodedContent Keys(TestProject project) => new(
        [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token)]);
}
