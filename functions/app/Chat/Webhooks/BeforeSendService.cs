using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Outbound;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Webhooks;

/// <summary>Asks the customer's server before a message is stored: it allows the message, changes its text or refuses it.</summary>
public sealed class BeforeSendService(
    BeforeSendStore store, BeforeSendCounts counts, ProjectService projects, WebhookSender sender, OutboundGuard outbound,
    IOptions<MessageOptions> options, IOptions<ProjectOptions> projectOptions, TimeProvider time)
    : IBeforeSendStep
{
    private const int MaxMilliseconds = 3_000;
    private const int MaxReason = 200;
    private const int MaxOverlapHours = 168;
    private const int DefaultOverlapHours = 24;

    private readonly ExpiringCache<string, BeforeSendHook?> cache = new(10_000, projectOptions.Value.Cache, time);
    private readonly ConcurrentDictionary<string, CircuitBreaker> breakers = new(StringComparer.Ordinal);

    /// <exception cref="VoxException">not_found</exception>
    public async Task<BeforeSendHook> GetAsync(string projectId, CancellationToken cancellationToken) =>
        await store.FindAsync(projectId, cancellationToken)
        ?? throw new VoxException(Errors.NotFound, "The project has no before-send hook.");

    /// <summary>In place of the one that there is. The secret stays, unless there was none.</summary>
    /// <exception cref="VoxException">missing_field, invalid_field</exception>
    internal async Task<(BeforeSendHook Hook, bool IsNew)> SetAsync(
        string projectId, BeforeSendRequest request, CancellationToken cancellationToken)
    {
        var url = request.Url ?? throw new VoxException(Errors.MissingField, "url is missing: say who is to be asked.", "url");
        if (outbound.Check(url) is { } wrong)
        {
            throw new VoxException(Errors.InvalidField, "url " + wrong, "url");
        }

        if (request.Milliseconds is < 100 or > MaxMilliseconds)
        {
            throw new VoxException(Errors.InvalidField, $"milliseconds must be from 100 to {MaxMilliseconds:N0}.", "milliseconds");
        }

        while (true)
        {
            var before = await store.FindAsync(projectId, cancellationToken);
            var hook = new BeforeSendHook(
                projectId, url, before?.Secret ?? NewSecret(), before?.PreviousSecret, before?.PreviousUntil,
                request.Milliseconds ?? 1_000, request.AllowsOnFailure ?? true, before?.Version);
            if (await store.TrySaveAsync(hook, cancellationToken))
            {
                await MarkAsync(projectId, true, cancellationToken);
                return (hook, before is null);
            }
        }
    }

    /// <summary>Makes a new secret. Questions are signed with both for a while.</summary>
    /// <exception cref="VoxException">invalid_field, not_found</exception>
    public async Task<BeforeSendHook> RotateAsync(string projectId, int? overlapHours, CancellationToken cancellationToken)
    {
        var hours = overlapHours ?? DefaultOverlapHours;
        if (hours is < 0 or > MaxOverlapHours)
        {
            throw new VoxException(Errors.InvalidField, $"overlapHours must be from 0 to {MaxOverlapHours}.", "overlapHours");
        }

        while (true)
        {
            var before = await GetAsync(projectId, cancellationToken);
            var after = before with
            {
                Secret = NewSecret(),
                PreviousSecret = hours > 0 ? before.Secret : null,
                PreviousUntil = hours > 0 ? time.GetUtcNow().AddHours(hours) : null,
            };
            if (await store.TrySaveAsync(after, cancellationToken))
            {
                cache.Remove(projectId);
                return after;
            }
        }
    }

    /// <summary>The hook, without its secret, with what was counted in the last days.</summary>
    /// <exception cref="VoxException">not_found</exception>
    internal async Task<BeforeSendView> ViewAsync(string projectId, CancellationToken cancellationToken)
    {
        var hook = await GetAsync(projectId, cancellationToken);
        var (days, pausedUntil) = await counts.ReadAsync(projectId, cancellationToken);
        return BeforeSendView.Of(hook, time.GetUtcNow()) with { PausedUntil = pausedUntil, Days = days };
    }

    internal BeforeSendView View(BeforeSendHook hook, bool secret) =>
        BeforeSendView.Of(hook, time.GetUtcNow()) with { Secret = secret ? hook.Secret : null };

    /// <exception cref="VoxException">not_found</exception>
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        await GetAsync(projectId, cancellationToken);
        await MarkAsync(projectId, false, cancellationToken);
        await store.RemoveAsync(projectId, cancellationToken);
    }

    public async Task<MessageDraft> BeforeAsync(Project project, MessageDraft draft, CancellationToken cancellationToken)
    {
        if (await FindAsync(project.Id, cancellationToken) is not { } hook)
        {
            return draft;
        }

        var breaker = breakers.GetOrAdd(hook.ProjectId, _ => new CircuitBreaker(time));
        if (!breaker.TryEnter())
        {
            Count(hook, BeforeSendOutcome.Skipped);
            return Unanswered(hook, draft);
        }

        BeforeSendAnswer? answer = null;
        try
        {
            answer = await AskAsync(hook, draft, cancellationToken);
        }
        finally
        {
            // A sender who is gone says nothing about the address.
            if (!cancellationToken.IsCancellationRequested && breaker.Leave(answer is null) is { } isOpen)
            {
                counts.Paused(hook.ProjectId, isOpen ? time.GetUtcNow() + CircuitBreaker.Pause : null);
            }
        }

        Count(hook, answer?.Action switch
        {
            null => BeforeSendOutcome.Failed,
            "refuse" => BeforeSendOutcome.Refused,
            "change" => BeforeSendOutcome.Changed,
            _ => BeforeSendOutcome.Allowed,
        });
        return answer switch
        {
            null => Unanswered(hook, draft),
            { Action: "refuse" } => throw new VoxException(
                Errors.MessageRefused, Shown(answer.Reason) is { Length: > 0 } reason ? reason : "The message was refused.", "data"),
            { Action: "change", Data: { } data } => draft with { Data = data, Size = data.Length },
            _ => draft,
        };
    }

    /// <returns>Null when there is no good answer.</returns>
    private async Task<BeforeSendAnswer?> AskAsync(BeforeSendHook hook, MessageDraft draft, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(
            new BeforeSendQuestion(
                "message.before_send", time.GetUtcNow(), hook.ProjectId,
                new BeforeSendMessage(draft.Id, draft.From, draft.To, (int)draft.Type, draft.ContentType, draft.Data)),
            WebhookJson.Wire.BeforeSendQuestion);
        // By the real clock: the sender waits.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(hook.Milliseconds);
        try
        {
            var (_, answer) = await sender.SendAsync(
                hook.Url, "ask_" + RandomIds.Create(22), body, hook.SecretsAt(time.GetUtcNow()), limit.Token, MaxAnswer);
            return answer switch
            {
                { Status: 204 } => new BeforeSendAnswer("allow"),
                { Status: 200, IsWhole: true } => Read(answer.Body.Span, draft),
                _ => null,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Of a text, as long as a message may be, in any form of JSON.</summary>
    private int MaxAnswer => 1_024 + (6 * options.Value.MaxLength);

    private BeforeSendAnswer? Read(ReadOnlySpan<byte> body, MessageDraft draft)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(body, WebhookJson.Wire.BeforeSendAnswer);
            return answer?.Action switch
            {
                "allow" or "refuse" => answer,
                // Only texts: the data of other types have forms of their own.
                "change" when draft.Type is MessageType.Text or MessageType.Html && answer.Data is { Length: > 0 } data
                    && data.Length <= options.Value.MaxLength && !data.Contains('\0', StringComparison.Ordinal) => answer,
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Count(BeforeSendHook hook, BeforeSendOutcome outcome)
    {
        Instruments.BeforeSendAsked(outcome.ToString().ToLowerInvariant());
        counts.Count(hook.ProjectId, outcome);
    }

    private static string NewSecret() => WebhookService.SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static MessageDraft Unanswered(BeforeSendHook hook, MessageDraft draft) => hook.AllowsOnFailure
        ? draft
        : throw new VoxException(
            Errors.HookUnavailable, "The server that has to allow messages did not answer: try again shortly.");

    private static string Shown(string? reason) =>
        new([.. (reason ?? "").Where(c => !char.IsControl(c)).Take(MaxReason)]);

    private async ValueTask<BeforeSendHook?> FindAsync(string projectId, CancellationToken cancellationToken)
    {
        if (cache.TryGet(projectId, out var known))
        {
            return known;
        }

        var hook = await store.FindAsync(projectId, cancellationToken);
        cache.Set(projectId, hook);
        return hook;
    }

    private async Task MarkAsync(string projectId, bool asks, CancellationToken cancellationToken)
    {
        await projects.UpdateAsync(projectId, project => project with { AsksBeforeSend = asks }, cancellationToken);
        cache.Remove(projectId);
    }
}
