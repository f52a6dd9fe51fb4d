using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

public sealed class NodeClientTests(Backends backends)
{
    [Fact]
    public async Task SendChat_RecipientOnPlainSignalRClientInNode_Arrives()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var node = StartNode(
            "listen.mjs", backends.App.Address.GetLeftPart(UriPartial.Authority), project.Id, bob.LoginId, bob.Password);
        try
        {
            Assert.Equal(
                "\"connected\"",
                await node.StandardOutput.ReadLineAsync(limit.Token) ?? await node.StandardError.ReadToEndAsync(limit.Token));
            var latencies = new List<double>();
            for (var n = 0; n < 5; n++)
            {
                var watch = Stopwatch.StartNew();
                await alice.SendChatAsync("bob", $"Hello {n} from curl");
                var line = await node.StandardOutput.ReadLineAsync(limit.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
                latencies.Add(watch.Elapsed.TotalMilliseconds);

                var message = JsonSerializer.Deserialize<JsonElement>(line!);
                Assert.Equal(
                    ($"Hello {n} from curl", "alice", n + 1),
                    (
                        message.GetProperty("data").GetString(),
                        message.GetProperty("from").GetString(),
                        message.GetProperty("sequence").GetInt32()));
            }

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"From the request to the arrival: {string.Join(", ", latencies.Select(ms => $"{ms:F0}"))} ms");
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }
    }

    private static Process StartNode(string script, params string[] arguments)
    {
        var folder = typeof(NodeClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Vox.FunctionTests.NodeFolder").Value!;
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(folder, script));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
