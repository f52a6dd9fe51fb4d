using Vox.Chat.ChatLogs;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Hostile;

/// <summary>A whole export from a real process whose memory can be measured. Its long form has all the rows that one may have.</summary>
public sealed class ExportMemoryTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private const int Megabyte = 1_048_576;

    [Fact]
    public async Task HistoryCsv_ManyLongMessages_ProcessStaysBelowTwiceItsIdleMemory()
    {
        var count = TestRun.IsLong ? 50_000 : 5_000;
        using var client = await portal.NewDeveloperAsync();
        var project = (await client.PostJsonAsync("projects", new { name = "Web shop" })).GetProperty("projectId").GetString()!;
        await FillAsync(portal.App.Get<ChatLogStore>(), project, count);
        await using var process = await VoxProcess.StartAsync(backends, portal.App.TablePrefix);
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = client.Cookies }) { Timeout = TimeSpan.FromMinutes(10) };
        Assert.Equal(100, await ReadAsync(http, process, project, "?from=carol"));
        var idle = process.Memory;

        Assert.Equal(count, await ReadAsync(http, process, project, ""));

        var peak = process.PeakMemory;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} rows: idle {idle / Megabyte} MB, at most {peak / Megabyte} MB.");
        Assert.True(peak < 2 * idle, $"Idle {idle / Megabyte} MB, at most {peak / Megabyte} MB.");
    }

    private static async Task FillAsync(ChatLogStore log, string project, int count)
    {
        var text = new string('x', 16_000);
        for (var position = 0; position < count; position += 100)
        {
            if (position % 1_000 == 0)
            {
                await log.BeginBlockAsync(project, ChatLogStore.BlockOf(position), 1_700_000_000_000, CancellationToken.None);
            }

            var from = position == count - 100 ? "carol" : "alice";
            await log.AppendAsync(
                project,
                [.. Enumerable.Range(position, 100).Select(n => new ChatLogEntry(
                    n, 1_700_000_000_000 + n, "alice|bob", n + 1, "m" + n, from, "bob", 1, text))],
                CancellationToken.None);
        }
    }

    /// <returns>The rows, without the header.</returns>
    private static async Task<int> ReadAsync(HttpClient http, VoxProcess process, string project, string query)
    {
        using var response = await http.GetAsync(
            new Uri(process.Http.BaseAddress!, $"/api/portal/v1/projects/{project}/history.csv{query}"),
            HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var rows = -1;
        while (await reader.ReadLineAsync() is not null)
        {
            rows++;
        }

        return rows;
    }
}
