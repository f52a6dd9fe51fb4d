using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Vox.Operations.Backups;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks;

/// <summary>
/// How long a restore takes, step by step: an installation with many rows is backed up and restored into another account. The rows are
/// those of one project that is used through the API, copied under other ids.
/// </summary>
internal static class Restore
{
    private const int Users = 40;
    private const int MessagesEach = 25;
    private const int Parallel = 16;

    public static async Task RunAsync(string[] options)
    {
        var wanted = Array.IndexOf(options, "--rows") is >= 0 and var at && at + 1 < options.Length
            ? int.Parse(options[at + 1], CultureInfo.InvariantCulture)
            : 100_000;
        await using var backends = new Backends();
        await backends.InitializeAsync();
        await using var second = new SecondAccount();
        await second.InitializeAsync();
        var (clock, prefix) = (new MovedTime(), VoxApp.NewTablePrefix());
        var backup = "Backup:Account=" + backends.StorageConnection;
        ExportState exported;
        TimeSpan exporting;
        await using (var app = await StartAsync(backends, prefix, clock, backup))
        {
            await CopyAsync(backends, prefix, await UseAsync(app), wanted);
            clock.Move(TimeSpan.FromMinutes(10));
            var watch = Stopwatch.StartNew();
            do
            {
                await app.Get<BackupExport>().RunAsync(CancellationToken.None);
                exported = await app.Get<BackupExport>().StateAsync(CancellationToken.None);
            }
            while (exported.Pass?.Ended is null);
            exporting = watch.Elapsed;
        }

        clock.Move(TimeSpan.FromMinutes(1));
        await using var restoring = await StartAsync(
            backends, prefix, clock, backup, "Backup:Restoring=true", "Storage:ConnectionString=" + second.Connection);
        var restore = restoring.Get<BackupRestore>();
        var state = await restore.BeginAsync(null, CancellationToken.None);
        var (times, began) = (new Dictionary<RestoreStep, TimeSpan>(), Stopwatch.StartNew());
        var running = RunAsync(restore);
        while (!running.IsCompleted)
        {
            var before = began.Elapsed;
            await Task.Delay(20, CancellationToken.None);
            times[state.Step] = times.GetValueOrDefault(state.Step) + (began.Elapsed - before);
            state = (await restore.StateAsync(CancellationToken.None))!;
        }

        await running;
        var took = began.Elapsed;
        state = (await restore.StateAsync(CancellationToken.None))!;
        Console.WriteLine(
            $"{state.Rows:N0} rows, {state.Check!.Conversations:N0} conversations with {state.Check.Messages:N0} messages, "
            + $"{state.Logged:N0} rows of logs made anew. {Environment.ProcessorCount} cores, shared by the app and both Azurites.\n");
        Console.WriteLine("| What | Seconds | Rows/s |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine(Row("Backing up all rows (pass)", exporting, exported.Pass!.Rows));
        Console.WriteLine(Row("Restore: rows", times.GetValueOrDefault(RestoreStep.Rows), state.Rows));
        Console.WriteLine(Row("Restore: check of the conversations", times.GetValueOrDefault(RestoreStep.Check), state.Check.Messages));
        Console.WriteLine(Row("Restore: logs", times.GetValueOrDefault(RestoreStep.Log), state.Logged));
        Console.WriteLine(Row("Restore in all", took, state.Rows));
    }

    private static async Task RunAsync(BackupRestore restore)
    {
        while ((await restore.StateAsync(CancellationToken.None))!.Step != RestoreStep.Done)
        {
            await restore.RunAsync(CancellationToken.None);
        }
    }

    private static Task<VoxApp> StartAsync(Backends backends, string prefix, TimeProvider clock, params string[] settings) =>
        VoxApp.StartAsync(backends, settings, builder => builder.Services.AddSingleton(clock), prefix);

    /// <summary>A project as the API makes it: about five rows for each message.</summary>
    private static async Task<string> UseAsync(VoxApp app)
    {
        var project = await app.CreateProjectAsync("Restore");
        var names = Enumerable.Range(0, Users).Select(n => $"user{n}").ToList();
        var sessions = await Task.WhenAll(names.Select(async name => await (await project.CreateUserAsync(name)).LogInAsync()));
        for (var n = 0; n < MessagesEach; n++)
        {
            await Task.WhenAll(sessions.Select((session, i) => session.SendMessageAsync(
                names[(i + 1) % Users], $"Message {n} of user {i}, as long as people write: some ten words.", $"m{i}-{n}")));
        }

        await app.SettleAsync(project.Id);
        return project.Id;
    }

    /// <summary>Writes the project's rows again under other project ids, until there are enough.</summary>
    private static async Task CopyAsync(Backends backends, string prefix, string project, int wanted)
    {
        var service = new TableServiceClient(backends.StorageConnection);
        var rows = new List<(string Table, TableEntity Row)>();
        await foreach (var table in service.QueryAsync())
        {
            if (table.Name.StartsWith(prefix, StringComparison.Ordinal) && table.Name[prefix.Length..] is not ("changes" or "chatlog"))
            {
                await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>())
                {
                    if (row.PartitionKey.StartsWith(project, StringComparison.Ordinal))
                    {
                        rows.Add((table.Name, row));
                    }
                }
            }
        }

        for (var copy = 1; copy * rows.Count < wanted; copy++)
        {
            var other = project[..^6] + copy.ToString("D6", CultureInfo.InvariantCulture);
            await System.Threading.Tasks.Parallel.ForEachAsync(
                rows.GroupBy(row => (row.Table, row.Row.PartitionKey)).SelectMany(group => group.Chunk(100)),
                new ParallelOptions { MaxDegreeOfParallelism = Parallel },
                async (batch, stop) => await service.GetTableClient(batch[0].Table).SubmitTransactionAsync(
                    batch.Select(item => new TableTransactionAction(
                        TableTransactionActionType.UpsertReplace, Under(item.Row, project, other))), stop));
        }
    }

    private static TableEntity Under(TableEntity row, string project, string other)
    {
        var copy = new TableEntity(row);
        copy.PartitionKey = row.PartitionKey.Replace(project, other, StringComparison.Ordinal);
        return copy;
    }

    private static string Row(string what, TimeSpan time, long rows) => string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {time.TotalSeconds:N1} | {rows / Math.Max(0.001, time.TotalSeconds):N0} |");

    /// <summary>The real clock, some minutes ahead: an export takes what is some minutes old.</summary>
    private sealed class MovedTime : TimeProvider
    {
        private TimeSpan shift;

        public void Move(TimeSpan time) => shift += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
    }
}
