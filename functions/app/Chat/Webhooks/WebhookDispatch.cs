using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Webhooks;

/// <summary>Sends what is in the queue, and puts it back for later when that failed.</summary>
public sealed partial class WebhookDispatch(
    WebhookService webhooks, WebhookEvents events, WebhookSender sender, WebhookHistory history, ProjectService projects,
    IEnumerable<IWebhookDisabledStep> steps, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookDispatch> logger)
{
    private const int Gone = 410;

    private readonly EndpointGate gate = new();

    /// <summary>Where an attempt of this process has just succeeded: a failure among successes is not worth a note.</summary>
    private readonly ExpiringCache<string, bool> working = new(10_000, TimeSpan.FromMinutes(1), time);

    /// <summary>Whatever is thrown is a failure of storage: the trigger comes back with the same message.</summary>
    public async Task RunAsync(string text, CancellationToken cancellationToken)
    {
        if (WebhookTask.Read(text) is not { } task)
        {
            Unreadable(text.Length);
            return;
        }

        if (await projects.FindAsync(task.Project, cancellationToken) is null
            || (await webhooks.OfAsync(task.Project, cancellationToken)).FirstOrDefault(
                one => one.Id == task.Endpoint && (one.Enabled || task.Type == EventTypes.Test)) is not { } endpoint)
        {
            // Gone, or switched off.
            return;
        }

        if (!gate.TryEnter(endpoint.Id))
        {
            // Not an attempt. Waiting here would keep others from their turn.
            await events.EnqueueAsync(task, TimeSpan.FromSeconds(Random.Shared.Next(2, 6)));
            return;
        }

        WebhookAttempt attempt;
        var took = TimeSpan.Zero;
        try
        {
            (attempt, _) = await sender.SendAsync(endpoint.Url, task.Event, task.Body, Secrets(endpoint), cancellationToken);
            took = TimeSpan.FromMilliseconds(attempt.Milliseconds);
        }
        finally
        {
            gate.Leave(endpoint.Id, took);
        }

        Instruments.WebhookSent(attempt.Error is null ? "delivered" : "failed");
        await SettleAsync(task, endpoint, attempt, cancellationToken);
    }

    private IEnumerable<string> Secrets(WebhookEndpoint endpoint) =>
        endpoint is { PreviousSecret: { } previous, PreviousUntil: { } until } && until > time.GetUtcNow()
            ? [endpoint.Secret, previous]
            : [endpoint.Secret];

    private async Task SettleAsync(
        WebhookTask task, WebhookEndpoint endpoint, WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        var failed = attempt.Error is not null;
        var pause = failed && attempt.Status != Gone && task.Type != EventTypes.Test
            ? WebhookRetries.After(task.Attempt, TimeSpan.FromSeconds(options.Value.RetrySeconds), Random.Shared.NextDouble())
            : null;
        if (pause is { } delay)
        {
            // First, so that nothing that fails below loses the event.
            await events.EnqueueAsync(task with { Attempt = task.Attempt + 1 }, delay);
        }

        await history.AddAsync(task, attempt, !failed ? "delivered" : pause is null ? "failed" : "waiting");
        if (task.Type == EventTypes.Test)
        {
            return;
        }

        try
        {
            await NoteAsync(endpoint, attempt, failed, cancellationToken);
        }
        catch (VoxException e) when (e.Error == Errors.NotFound)
        {
            // The endpoint was removed meanwhile.
        }
    }

    private async Task NoteAsync(WebhookEndpoint endpoint, WebhookAttempt attempt, bool failed, CancellationToken cancellationToken)
    {
        if (attempt.Status == Gone)
        {
            await webhooks.DisableAsync(endpoint, "The address answered 410 Gone.", cancellationToken);
            return;
        }

        if (!failed)
        {
            working.Set(endpoint.Id, true);
        }
        else if (working.TryGet(endpoint.Id, out _))
        {
            return;
        }

        var now = await webhooks.NoteAsync(endpoint, failed, cancellationToken);
        if (now is { Enabled: true, FailingSince: { } since } && time.GetUtcNow() - since > TimeSpan.FromDays(options.Value.FailingDays))
        {
            var reason = $"No attempt succeeded for {options.Value.FailingDays} days.";
            if (await webhooks.DisableAsync(now, reason, cancellationToken))
            {
                SwitchedOff(endpoint.Id, endpoint.ProjectId);
                foreach (var step in steps)
                {
                    await step.DisabledAsync(endpoint, reason, cancellationToken);
                }
            }
        }
    }

    [LoggerMessage(6411, LogLevel.Error, "A message of {Length} characters in the queue of webhooks is none of ours, and was dropped")]
    private partial void Unreadable(int length);

    [LoggerMessage(6412, LogLevel.Warning, "The webhook endpoint {Endpoint} of project {Project} was switched off: it failed for days")]
    private partial void SwitchedOff(string endpoint, string project);
}
