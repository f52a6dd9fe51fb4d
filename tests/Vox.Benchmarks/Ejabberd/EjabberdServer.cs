using System.Diagnostics;
using System.Net.Sockets;
using Vox.DevHost.DevTools;

namespace Vox.Benchmarks.Ejabberd;

/// <summary>
/// ejabberd from the Debian package on the loopback address, with its own settings and data in a temporary folder. It archives every
/// message (mod_mam). It starts without Erlang's distribution, so neither epmd nor a cookie is needed, and it is ended by its process id.
/// </summary>
internal sealed class EjabberdServer : IAsyncDisposable
{
    public const string Mnesia = "Mnesia";
    public const string Sqlite = "SQLite";
    public const string Postgres = "PostgreSQL";

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly PostgresServer? postgres;

    private EjabberdServer(Process process, DirectoryInfo folder, int port, PostgresServer? postgres) =>
        (this.process, this.folder, Port, this.postgres) = (process, folder, port, postgres);

    public int Port { get; }

    /// <summary>The number of rows in its archive, two for each message. Null where it cannot be asked.</summary>
    public Task<long>? CountArchivedAsync() => postgres?.CountArchivedAsync();

    /// <summary>With its database's.</summary>
    public double CpuSeconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds + (postgres?.CpuSeconds ?? 0);
        }
    }

    /// <summary>The folder where Debian has put its code, or null when ejabberd is not installed.</summary>
    public static string? Library => Directory.Exists("/usr/lib") && File.Exists("/usr/bin/erl")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu")
            .FirstOrDefault(d => Directory.EnumerateDirectories(d, "ejabberd-*").Any())
        : null;

    /// <summary>Whether the archive can be in that kind of database.</summary>
    public static bool Has(string archive) => archive switch
    {
        Sqlite => HasErlang("p1_sqlite3"),
        Postgres => PostgresServer.Programs is not null && HasErlang("p1_pgsql"),
        _ => true,
    };

    public static async Task<EjabberdServer> StartAsync(string archive)
    {
        var postgres = archive == Postgres ? await PostgresServer.StartAsync() : null;
        var folder = Directory.CreateTempSubdirectory("vox-ejabberd-");
        var port = FreePort.Find();
        var settings = Path.Combine(folder.FullName, "ejabberd.yml");
        await File.WriteAllTextAsync(settings, Settings(port, Database(archive, postgres, Path.Combine(folder.FullName, "archive.db"))));
        var start = new ProcessStartInfo("/usr/bin/erl")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
            // The same arguments with which ejabberdctl starts it.
            ArgumentList =
            {
                "+K", "true", "+P", "250000", "-noinput", "-mnesia", "dir", $"\"{Path.Combine(folder.FullName, "mnesia")}\"", "-s",
                "ejabberd",
            },
            Environment =
            {
                ["EJABBERD_CONFIG_PATH"] = settings,
                ["EJABBERD_LOG_PATH"] = Path.Combine(folder.FullName, "ejabberd.log"),
                ["ERL_LIBS"] = Library,
                ["ERL_MAX_PORTS"] = "32000",
                ["ERL_CRASH_DUMP"] = Path.Combine(folder.FullName, "crash.dump"),
                ["HOME"] = folder.FullName,
            },
        };
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        var server = new EjabberdServer(process, folder, port, postgres);
        try
        {
            await server.WaitAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        folder.Delete(recursive: true);
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    private static bool HasErlang(string library) => Directory.EnumerateDirectories("/usr/lib/erlang/lib", library + "-*").Any();

    private static string Database(string archive, PostgresServer? postgres, string file) => archive switch
    {
        Sqlite => $"sql_type: sqlite\nsql_database: \"{file}\"",
        Postgres => $"sql_type: pgsql\nsql_server: \"127.0.0.1\"\nsql_port: {postgres!.Port}\nsql_database: postgres\n"
            + "sql_username: postgres\nsql_password: \"\"",
        _ => "",
    };

    private async Task WaitAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException e)
            {
                if (process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(1))
                {
                    var log = Path.Combine(folder.FullName, "ejabberd.log");
                    throw new InvalidOperationException(
                        "ejabberd does not start. " + (File.Exists(log) ? await File.ReadAllTextAsync(log) : ""), e);
                }

                await Task.Delay(100);
            }
        }
    }

    private static string Settings(int port, string database) => $$"""
        hosts: [localhost]
        loglevel: error
        auth_password_format: plain
        registration_timeout: infinity
        {{database}}
        listen:
          -
            port: {{port}}
            ip: "127.0.0.1"
            module: ejabberd_c2s
            max_stanza_size: 262144
        modules:
          mod_mam:
            default: always
            request_activates_archiving: false
            db_type: {{(database.Length > 0 ? "sql" : "mnesia")}}
          mod_register:
            ip_access: all
          mod_offline: {}
          mod_roster: {}
        """;
}
