using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Vox.DevHost.DevTools;
using Vox.Operations.Backups;

namespace Vox.Tests.Fixture;

/// <summary>Another storage account: what an app is restored into.</summary>
public sealed class SecondAccount : IAsyncLifetime
{
    private AzuriteProcess? azurite;

    public string Connection => azurite!.ConnectionString;

    public async ValueTask InitializeAsync() =>
        azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { BlobPort = 0 }, CancellationToken.None);

    public ValueTask DisposeAsync() => azurite!.DisposeAsync();
}

/// <summary>An installation with backups, and its restore in another account. Its clock is moved instead of waiting.</summary>
internal sealed class BackupWorld(Backends backends, SecondAccount second)
{
    /// <summary>Longer than an interval of changes and the time for late ones.</summary>
    private static readonly TimeSpan OneExport = TimeSpan.FromSeconds(130);

    public string Prefix { get; } = VoxApp.NewTablePrefix();

    public ShiftedTime Clock { get; } = new();

    public Task<VoxApp> StartAsync(StorageFaults? faults = null, params string[] settings) => VoxApp.StartAsync(
        backends, [BackupAccount, "Backup:IntervalMinutes=1", .. settings], Configure(faults), Prefix);

    /// <summary>The app in the other account, in restore mode.</summary>
    public Task<VoxApp> StartRestoringAsync(StorageFaults? faults = null, params string[] settings) => VoxApp.StartAsync(
        backends, [BackupAccount, OtherAccount, "Backup:Restoring=true", .. settings], Configure(faults), Prefix);

    /// <summary>The app in the other account.</summary>
    public Task<VoxApp> StartRestoredAsync(params string[] settings) =>
        VoxApp.StartAsync(backends, [OtherAccount, .. settings], Configure(null), Prefix);

    /// <summary>Exports everything that was written by now.</summary>
    public async Task ExportAsync(params VoxApp[] apps)
    {
        Clock.Advance(OneExport);
        await Task.WhenAll(apps.Select(app => Task.Run(() => app.Get<BackupExport>().RunAsync(CancellationToken.None))));
    }

    public async Task<JsonElement> RestoreAsync(DateTimeOffset? until = null)
    {
        await using var app = await StartRestoringAsync();
        await BeginAsync(app, "restore", new { until });
        return await FinishAsync(app);
    }

    public static Task<HttpResponseMessage> PostAsync(VoxApp app, string path, object? body = null) =>
        CallAsync(app, HttpMethod.Post, path, body);

    public static async Task BeginAsync(VoxApp app, string path, object? body = null) => await PostAsync(app, path, body).JsonAsync();

    public static async Task<JsonElement> FinishAsync(VoxApp app)
    {
        await app.Get<BackupRestore>().RunAsync(CancellationToken.None);
        var state = await CallAsync(app, HttpMethod.Get, "restore").JsonAsync();
        Assert.Equal("done", state.GetProperty("step").GetString());
        return state;
    }

    public static Task<HttpResponseMessage> CallAsync(VoxApp app, HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, "/api/operator/v1/" + path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.Add("x-functions-key", "local-master-key");
        return app.Http.SendAsync(request);
    }

    /// <summary>All rows of all tables that are in backups, as text. Epochs are left out: a restore renews them.</summary>
    public Task<List<string>> RowsAsync(bool restored) => RowsAsync(restored ? second.Connection : backends.StorageConnection);

    /// <summary>The same of any account.</summary>
    public async Task<List<string>> RowsAsync(string connection)
    {
        var rows = new List<string>();
        var service = new TableServiceClient(connection);
        await foreach (var table in service.QueryAsync())
        {
            if (!table.Name.StartsWith(Prefix, StringComparison.Ordinal) || NotInBackups.Contains(table.Name[Prefix.Length..]))
            {
                continue;
            }

            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                var columns = row.Where(column => column.Key is not ("odata.etag" or "Timestamp" or "Epochs" or "PartitionKey" or "RowKey"))
                    .OrderBy(column => column.Key, StringComparer.Ordinal)
                    .Select(column => $"{column.Key}={column.Value?.GetType().Name}:{Text(column.Value)}");
                rows.Add($"{table.Name[Prefix.Length..]} {row.PartitionKey} {row.RowKey} {string.Join(' ', columns)}");
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>A list of its own, so that a table does not leave the backups unnoticed.</summary>
    public static IReadOnlyList<string> NotInBackups { get; } =
    [
        "apirequests", "attempts", "changes", "chatlog", "logwriters", "mail", "portalsessions", "portaltokens", "presence", "rowsweeps",
        "searchbuilds", "searchindex", "timerwork", "webhookevents",
    ];

    private string BackupAccount => "Backup:Account=" + backends.StorageConnection;

    private string OtherAccount => "Storage:ConnectionString=" + second.Connection;

    private Action<Microsoft.Azure.Functions.Worker.Builder.FunctionsApplicationBuilder> Configure(StorageFaults? faults) => builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(Clock);
        if (faults is not null)
        {
            builder.Services.AddSingleton<HttpPipelinePolicy>(faults);
        }
    };

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        BinaryData bytes => Convert.ToHexString(bytes.ToArray()),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
