using System.Net.Sockets;
using System.Text;
using Vox.Chat.ChatLogs;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class ExportTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task History_LongMessages_AreReadFromTheStorageOnlyAsFastAsTheyAreTaken()
    {
        const int Count = 3_000;
        await using var app = await portal.StartAsync();
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);
        var text = new string('x', 16_000);
        var log = app.Get<ChatLogStore>();
        // Takes little ahead of its reader, so that the rest waits in the app or behind it.
        using var slow = new HttpClient(new SocketsHttpHandler { CookieContainer = client.Cookies, ConnectCallback = ConnectAsync });
        for (var position = 0; position < Count; position += 100)
        {
            if (position % 1_000 == 0)
            {
                await log.BeginBlockAsync(project, ChatLogStore.BlockOf(position), 1_700_000_000_000, CancellationToken.None);
            }

            await log.AppendAsync(
                project,
                [.. Enumerable.Range(position, 100).Select(n => new ChatLogEntry(
                    n, 1_700_000_000_000 + n, "alice|bob", n + 1, "m" + n, n % 2 == 0 ? "alice" : "bob", "bob", 1, text))],
                CancellationToken.None);
        }

        foreach (var (query, rows) in ((string, int)[])[("", Count), ("?from=alice", Count / 2)])
        {
            // Of the log only: the app's timers ask for other rows meanwhile.
            var read = 0;
            app.Storage.Sent = (_, path) => Interlocked.Add(ref read, path.Contains("chatlog", StringComparison.Ordinal) ? 1 : 0);
            using var response = await slow.GetAsync(
                new Uri(client.Http.BaseAddress!, $"projects/{project}/history.csv{query}"), HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            var begin = new byte[16];
            await body.ReadExactlyAsync(begin);
            await SettledAsync(() => Volatile.Read(ref read));
            var early = Volatile.Read(ref read);

            using var reader = new StreamReader(body, Encoding.UTF8);
            var found = 0;
            while (await reader.ReadLineAsync() is { } line)
            {
                found += line.Contains(text, StringComparison.Ordinal) ? 1 : 0;
            }

            Assert.Equal(rows, found);
            // The rest waits in the storage, not in the app's memory, while nobody takes it.
            Assert.True(early < read * 2 / 3, $"{early} of {read} requests came at once.");
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024, NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Waits until the app has stopped reading, because nobody takes what it has.</summary>
    private static async Task SettledAsync(Func<int> count)
    {
        for (var (last, same) = (0, 0); same < 20; await Task.Delay(50))
        {
            (last, same) = count() == last ? (last, same + 1) : (count(), 0);
        }
    }
}
