using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Security;
using Vox.Platform.Storage;
using Vox.Platform.Timers;

namespace Vox.Platform.Mail;

/// <summary>
/// Takes e-mails and sends them after the answer, so that the duration of an answer does not tell whether there is anybody to write to.
/// Each e-mail is stored first, encrypted: links and codes in it are as good as passwords. A timer sends those that a stopped process
/// left behind or that the server refused.
/// </summary>
public sealed partial class MailOutbox(
    StorageClients storage, MailSender sender, SecretProtector protector, IOptions<MailOptions> options, TimerRuns timers,
    TimeProvider time, ILogger<MailOutbox> logger) : IHostedService
{
    private static readonly TimeSpan GiveUp = TimeSpan.FromHours(24);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Mail servers accept only a few connections of one sender.</summary>
    private const int AtATime = 4;

    private readonly Table table = storage.Table("mail");
    private readonly ConcurrentDictionary<Task, bool> running = new();

    public bool IsAvailable => options.Value.IsConfigured;

    /// <exception cref="VoxException">mail_unavailable</exception>
    public void CheckAvailable()
    {
        if (!IsAvailable)
        {
            throw new VoxException(
                Errors.MailUnavailable, "This server cannot send e-mail: its operator has to set Mail__Endpoint or Mail__Host.");
        }
    }

    public async Task SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        CheckAvailable();
        var row = new TableEntity(Keys.PendingMail, Keys.Mail(time.GetUtcNow(), Guid.NewGuid().ToString("N")[..8]))
        {
            ["At"] = time.GetUtcNow(),
        };
        row["Mail"] = protector.Protect(Purpose(row.RowKey), JsonSerializer.SerializeToUtf8Bytes(mail, MailJson.Stored.MailMessage));
        await table.UpsertAsync(row, cancellationToken);
        var sending = Task.Run(() => TrySendAsync(row, CancellationToken.None), CancellationToken.None);
        running.TryAdd(sending, true);
        _ = sending.ContinueWith(
            done => running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Sends e-mails that have waited for a minute; called by a timer.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var before = Keys.Mail(time.GetUtcNow() - Patience, "");
        await using var run = timers.Begin("SendPendingMail", cancellationToken);
        await run.EachAsync(
            table.EnumerateAsync($"PartitionKey eq {Keys.PendingMail} and RowKey lt {before}", 200, cancellationToken),
            row => row.RowKey, SendPendingAsync, AtATime);
    }

    /// <summary>How many e-mails have waited for more than a minute, at most 1,000.</summary>
    public async Task<int> CountWaitingAsync(CancellationToken cancellationToken)
    {
        var before = Keys.Mail(time.GetUtcNow() - Patience, "");
        return (await table.QueryAsync(
            $"PartitionKey eq {Keys.PendingMail} and RowKey lt {before}", 1_000, cancellationToken, ["RowKey"])).Count;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(running.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static string Purpose(string row) => "mail|" + row;

    /// <summary>Rows of an earlier version are not encrypted. They are sent within a day, or given up.</summary>
    private MailMessage Read(TableEntity row) => row.GetString("Mail") is { } text
        ? JsonSerializer.Deserialize(protector.Unprotect(Purpose(row.RowKey), text), MailJson.Stored.MailMessage)!
        : new MailMessage(row.GetString("To"), row.GetString("Subject"), row.GetString("Text"), row.GetString("Html"));

    private async Task SendPendingAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(row, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && time.GetUtcNow() - row.GetDateTimeOffset("At") > GiveUp)
        {
            GaveUp(e, row.RowKey);
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    private async Task SendAsync(TableEntity row, CancellationToken cancellationToken)
    {
        await sender.SendAsync(Read(row), cancellationToken);
        await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
    }

    private async Task TrySendAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(row, cancellationToken);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NotSent(e, row.RowKey);
        }
    }

    [LoggerMessage(8000, LogLevel.Warning, "E-mail {Mail} could not be sent: it is tried again")]
    private partial void NotSent(Exception exception, string mail);

    [LoggerMessage(8001, LogLevel.Error, "E-mail {Mail} could not be sent for a day: given up")]
    private partial void GaveUp(Exception exception, string mail);
}
