using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Outbound;

namespace Vox.Chat.Webhooks;

/// <summary>The endpoints of projects. Other processes notice a change when they look again, as with the project itself.</summary>
public sealed class WebhookService(
    WebhookStore store, ProjectService projects, OutboundGuard outbound, IOptions<WebhookOptions> options,
    IOptions<ProjectOptions> projectOptions, TimeProvider time)
{
    public const string SecretPrefix = "whsec_";
    private const int MaxUrl = 2_000;
    private const int MaxDescription = 200;
    private const int MaxOverlapHours = 168;
    private const int DefaultOverlapHours = 24;

    private readonly ExpiringCache<string, IReadOnlyList<WebhookEndpoint>> cache = new(10_000, projectOptions.Value.Cache, time);

    /// <summary>As this process knows them.</summary>
    public async ValueTask<IReadOnlyList<WebhookEndpoint>> OfAsync(string projectId, CancellationToken cancellationToken)
    {
        if (cache.TryGet(projectId, out var known))
        {
            return known;
        }

        var endpoints = await store.ListAsync(projectId, cancellationToken);
        cache.Set(projectId, endpoints);
        return endpoints;
    }

    /// <summary>As stored now, the oldest first.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(projectId, cancellationToken)).OrderBy(endpoint => endpoint.CreatedAt)];

    /// <exception cref="VoxException">not_found</exception>
    public async Task<WebhookEndpoint> GetAsync(string projectId, string id, CancellationToken cancellationToken) =>
        IsId(id) && await store.FindAsync(projectId, id, cancellationToken) is { } endpoint
            ? endpoint
            : throw new VoxException(Errors.NotFound, "The project has no such webhook endpoint.", "webhookId");

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    internal async Task<WebhookEndpoint> CreateAsync(
        string projectId, WebhookRequest request, string by, CancellationToken cancellationToken)
    {
        var url = Url(request.Url
            ?? throw new VoxException(Errors.MissingField, "url is missing: say where events are to be sent.", "url"));
        var events = Events(request.Events ?? throw new VoxException(
            Errors.MissingField, $"events is missing. There are {string.Join(", ", EventTypes.All)}.", "events"));
        var description = Description(request.Description ?? "");
        if ((await store.ListAsync(projectId, cancellationToken)).Count >= options.Value.MaxPerProject)
        {
            throw new VoxException(
                Errors.LimitReached, $"A project may have at most {options.Value.MaxPerProject} webhook endpoints: remove one first.");
        }

        var endpoint = new WebhookEndpoint(
            projectId, RandomIds.Create(12), url, events, description, NewSecret(), null, null, request.Enabled ?? true, null, null,
            time.GetUtcNow(), by, default);
        await store.AddAsync(endpoint, cancellationToken);
        await ChangedAsync(projectId, cancellationToken);
        return endpoint;
    }

    /// <summary>What is absent stays as it is. To switch it on again also ends its time of failing.</summary>
    /// <exception cref="VoxException">too_long, invalid_field, not_found</exception>
    internal Task<WebhookEndpoint> ChangeAsync(
        string projectId, string id, WebhookRequest request, CancellationToken cancellationToken)
    {
        var url = request.Url is { } given ? Url(given) : null;
        var events = request.Events is { } wanted ? Events(wanted) : null;
        var description = request.Description is { } text ? Description(text) : null;
        return UpdateAsync(projectId, id, endpoint => endpoint with
        {
            Url = url ?? endpoint.Url,
            Events = events ?? endpoint.Events,
            Description = description ?? endpoint.Description,
            Enabled = request.Enabled ?? endpoint.Enabled,
            DisabledReason = request.Enabled is null ? endpoint.DisabledReason : null,
            FailingSince = request.Enabled is true ? null : endpoint.FailingSince,
        }, cancellationToken);
    }

    /// <summary>Makes a new secret. What is sent is signed with both for a while.</summary>
    /// <exception cref="VoxException">invalid_field, not_found</exception>
    public Task<WebhookEndpoint> RotateAsync(string projectId, string id, int? overlapHours, CancellationToken cancellationToken)
    {
        var hours = overlapHours ?? DefaultOverlapHours;
        if (hours is < 0 or > MaxOverlapHours)
        {
            throw new VoxException(Errors.InvalidField, $"overlapHours must be from 0 to {MaxOverlapHours}.", "overlapHours");
        }

        var secret = NewSecret();
        return UpdateAsync(projectId, id, endpoint => endpoint with
        {
            Secret = secret,
            PreviousSecret = hours > 0 ? endpoint.Secret : null,
            PreviousUntil = hours > 0 ? time.GetUtcNow().AddHours(hours) : null,
        }, cancellationToken);
    }

    /// <exception cref="VoxException">not_found</exception>
    public async Task RemoveAsync(string projectId, string id, CancellationToken cancellationToken)
    {
        await GetAsync(projectId, id, cancellationToken);
        await store.RemoveAsync(projectId, id, cancellationToken);
        await ChangedAsync(projectId, cancellationToken);
    }

    /// <summary>Notes whether attempts succeed. Only a change is written.</summary>
    /// <param name="failed">Whether the last attempt failed.</param>
    /// <returns>The endpoint as it is now.</returns>
    internal async Task<WebhookEndpoint> NoteAsync(WebhookEndpoint known, bool failed, CancellationToken cancellationToken)
    {
        if (failed == known.FailingSince is not null)
        {
            return known;
        }

        var now = time.GetUtcNow();
        return await UpdateAsync(
            known.ProjectId, known.Id,
            endpoint => endpoint with { FailingSince = failed ? endpoint.FailingSince ?? now : null }, cancellationToken);
    }

    /// <summary>Switches it off.</summary>
    /// <returns>False when it was off already.</returns>
    internal async Task<bool> DisableAsync(WebhookEndpoint known, string reason, CancellationToken cancellationToken)
    {
        var first = false;
        await UpdateAsync(known.ProjectId, known.Id, endpoint =>
        {
            first = endpoint.Enabled;
            return endpoint.Enabled ? endpoint with { Enabled = false, DisabledReason = reason } : endpoint;
        }, cancellationToken);
        return first;
    }

    /// <summary>
    /// Makes the project's row say whether there are endpoints, and what they want. An earlier release may have overwritten it.
    /// </summary>
    internal async Task MarkProjectAsync(string projectId, CancellationToken cancellationToken)
    {
        while (await projects.FindNowAsync(projectId, cancellationToken) is { } project)
        {
            var enabled = (await store.ListAsync(projectId, cancellationToken)).FindAll(endpoint => endpoint.Enabled);
            string[] types = [.. EventTypes.All.Where(type => enabled.Exists(endpoint => endpoint.Wants(type)))];
            if (enabled.Count > 0 == project.HasWebhooks && project.WebhookTypes?.SequenceEqual(types, StringComparer.Ordinal) == true)
            {
                return;
            }

            // Looked at again afterwards: somebody may have added the first one meanwhile.
            await projects.UpdateAsync(
                projectId, now => now with { HasWebhooks = enabled.Count > 0, WebhookTypes = types }, cancellationToken);
        }
    }

    private async Task<WebhookEndpoint> UpdateAsync(
        string projectId, string id, Func<WebhookEndpoint, WebhookEndpoint> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await GetAsync(projectId, id, cancellationToken);
            var after = change(before);
            if (after == before || await store.TryReplaceAsync(after, cancellationToken))
            {
                cache.Remove(projectId);
                if (after.Enabled != before.Enabled || !after.Events.SequenceEqual(before.Events, StringComparer.Ordinal))
                {
                    await ChangedAsync(projectId, cancellationToken);
                }

                return after;
            }
        }
    }

    private async Task ChangedAsync(string projectId, CancellationToken cancellationToken)
    {
        cache.Remove(projectId);
        await MarkProjectAsync(projectId, cancellationToken);
    }

    private string Url(string url) => outbound.Check(url) is { } wrong
        ? throw new VoxException(url.Length > MaxUrl ? Errors.TooLong : Errors.InvalidField, "url " + wrong, "url")
        : url;

    private static string[] Events(IReadOnlyList<string> events)
    {
        if (events.Count == 0)
        {
            throw new VoxException(Errors.MissingField, "events must have at least one type.", "events");
        }

        return events.FirstOrDefault(type => !EventTypes.All.Contains(type, StringComparer.Ordinal)) is { } unknown
            ? throw new VoxException(
                Errors.InvalidField,
                $"{unknown[..Math.Min(40, unknown.Length)]} is no type of events. There are {string.Join(", ", EventTypes.All)}.",
                "events")
            : [.. EventTypes.All.Where(type => events.Contains(type, StringComparer.Ordinal))];
    }

    private static string Description(string text) => text.Length > MaxDescription || text.Any(char.IsControl)
        ? throw new VoxException(
            Errors.TooLong, $"description may have at most {MaxDescription} characters, in one line.", "description")
        : text.Trim();

    private static bool IsId(string id) => id.Length is > 0 and <= 32 && id.All(char.IsAsciiLetterOrDigit);

    private static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
