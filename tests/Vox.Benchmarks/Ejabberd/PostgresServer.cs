using System.Diagnostics;
using System.Globalization;
using Vox.DevHost.DevTools;

namespace Vox.Benchmarks.Ejabberd;

/// <summary>
/// PostgreSQL from the Debian package, for ejabberd's archive. It is a cluster of its own in a temporary folder, on the loopback address.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Schema = "/usr/share/ejabberd/sql/pg.sql";

    private readonly Process process;
    private readonly DirectoryInfo folder;

    private PostgresServer(Process process, DirectoryInfo folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>The folder of the newest version's programs, or null when PostgreSQL is not installed.</summary>
    public static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(v => Path.Combine(v, "bin"))
            .LastOrDefault(b => File.Exists(Path.Combine(b, "initdb")))
        : null;

    /// <summary>Processor time of the server and of the processes that serve its connections.</summary>
    public double CpuSeconds => Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Sum(d =>
    {
        try
        {
            // The fields after the name are the state, the parent and so on. The 12th to 15th are the ticks of the process and of its ended
            // children.
            var stat = File.ReadAllText(Path.Combine(d, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var id = process.Id.ToString(CultureInfo.InvariantCulture);
            return Path.GetFileName(d) == id ? fields[11..15].Sum(Ticks) : fields[1] == id ? fields[11..13].Sum(Ticks) : 0;
        }
        catch (IOException)
        {
            // Ended in this moment.
            return 0;
        }
    }) / 100;

    public static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("vox-postgres-");
        var data = Path.Combine(folder.FullName, "data");
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chown", "postgres", folder.FullName);
        }

        await RunAsync(
            Unprivileged(Path.Combine(Programs!, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"));
        var port = FreePort.Find();
        var words = Unprivileged(
            Path.Combine(Programs!, "postgres"), "-D", data, "-k", folder.FullName, "-p", port.ToString(CultureInfo.InvariantCulture), "-c",
            "listen_addresses=127.0.0.1");
        var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        var server = new PostgresServer(process, folder, port);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await RunAsync(
                        Path.Combine(Programs!, "psql"), "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U",
                        "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-f", Schema);
                    return server;
                }
                catch (InvalidOperationException) when (attempt < 100 && !process.HasExited)
                {
                    await Task.Delay(200);
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The number of messages in ejabberd's archive. Each message is there twice, once for each user.</summary>
    public async Task<long> CountArchivedAsync() => long.Parse(
        await RunAsync(
            Path.Combine(Programs!, "psql"), "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-At",
            "-c", "select count(*) from archive"),
        CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    /// <summary>setpriv replaces itself with the program, so the process id is the program's own.</summary>
    private static string[] Unprivileged(params string[] command) => Environment.UserName == "root"
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command]
        : command;

    private static async Task<string> RunAsync(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{words[0]}: {error}");
        }

        return await output;
    }
}
