using System.Text.Json;

namespace Vox.Benchmarks.Stack;

/// <summary>The app as a process of its own, and a pool of connections to it.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private readonly ChildProcess process;

    private AppProcess(ChildProcess process)
    {
        this.process = process;
        Address = new Uri(process.Greeting);
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 4_096, UseProxy = false, UseCookies = false })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(100),
        };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public int Id => process.Process.Id;

    /// <param name="settings">As <c>--Section:Name=value</c>.</param>
    public static async Task<AppProcess> StartAsync(IEnumerable<string> settings) =>
        // For profilers: the names of compiled methods go to /tmp/perf-PID.map, when the person who starts the benchmark asks for it.
        new(await ChildProcess.StartAsync(AppRole.Name, settings));

    public Task<JsonElement> AskAsync(string line) => process.AskAsync(line);

    public async Task<AppUsage> UsageAsync() => (await process.AskAsync("usage")).Deserialize<AppUsage>()!;

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return process.DisposeAsync();
    }
}
