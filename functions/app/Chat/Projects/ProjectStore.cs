using System.Globalization;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Projects;

/// <summary>Projects in table <c>projects</c>.</summary>
public sealed class ProjectStore(StorageClients storage)
{
    /// <summary>In the first shape, rows of projects from before there was a setting lacked its column.</summary>
    internal static readonly RowSchema Schema = new(
        "projects",
        row =>
        {
            row.TryAdd("MinPasswordLength", 1);
            row.TryAdd("Visibility", (int)Visibility.Everybody);
            row.TryAdd("KeepsMetadata", false);
            row.TryAdd(ProjectAccounts.Column, 0);
        });

    private readonly Table table = storage.Table("projects", Schema);

    public async Task<Project?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Project(projectId), Keys.ProjectRow, cancellationToken) is { } row ? Known(FromRow(row)) : null;

    /// <summary>Also chooses the project's storage account.</summary>
    public async Task<bool> TryAddAsync(Project project, CancellationToken cancellationToken)
    {
        var account = storage.Accounts.ChooseFor(project.Id);
        if (await table.TryAddAsync(ToRow(project with { Account = account }), cancellationToken) is null)
        {
            return false;
        }

        storage.Accounts.Remember(project.Id, account);
        return true;
    }

    /// <returns>False when the project has changed meanwhile.</returns>
    public async Task<bool> TryReplaceAsync(Project project, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(project), project.Version, cancellationToken) is not null;

    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAsync(Keys.Project(projectId), Keys.ProjectRow, cancellationToken);

    /// <summary>All projects, sorted by their ids.</summary>
    /// <param name="after">Only those after this id; null: all.</param>
    public IAsyncEnumerable<Project> EnumerateAsync(string? after, CancellationToken cancellationToken) =>
        QueryAsync($"PartitionKey gt {after ?? ""} and RowKey eq {Keys.ProjectRow}", cancellationToken);

    /// <summary>The same, only those whose log is not kept for ever.</summary>
    public IAsyncEnumerable<Project> EnumerateRetainedAsync(string? after, CancellationToken cancellationToken) =>
        QueryAsync(
            $"PartitionKey gt {after ?? ""} and RowKey eq {Keys.ProjectRow} and RetentionDays ge {1}", cancellationToken);

    private async IAsyncEnumerable<Project> QueryAsync(
        FormattableString filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync(filter, 1_000, cancellationToken))
        {
            yield return Known(FromRow(row));
        }
    }

    /// <summary>Projects after an id, in the order of their ids. Those that are being deleted are left out.</summary>
    public async IAsyncEnumerable<Project> ListAsync(
        string? after, int pageSize,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey gt {after ?? ""} and RowKey eq {Keys.ProjectRow}", pageSize, cancellationToken))
        {
            if (Known(FromRow(row)) is { DeletedAt: null } project)
            {
                yield return project;
            }
        }
    }

    private Project Known(Project project)
    {
        storage.Accounts.Remember(project.Id, project.Account);
        return project;
    }

    private static TableEntity ToRow(Project project) => new(Keys.Project(project.Id), Keys.ProjectRow)
    {
        ["Name"] = project.Name,
        ["TokenHash"] = project.TokenHash,
        ["PreviousTokenHash"] = project.PreviousTokenHash,
        ["PreviousTokenUntil"] = project.PreviousTokenUntil,
        ["OlderTokens"] = project.OlderTokens.Count == 0
            ? null
            : string.Join('\n', project.OlderTokens.Select(token => $"{token.Hash} {token.Until:O}")),
        ["AllowedOrigins"] = string.Join('\n', project.AllowedOrigins),
        ["LogEnabled"] = project.LogEnabled,
        ["CreatedAt"] = project.CreatedAt,
        ["RetentionDays"] = project.RetentionDays,
        ["MessageDays"] = project.MessageDays,
        ["FileDays"] = project.FileDays,
        ["EditWindow"] = project.EditWindowSeconds,
        ["DeleteWindow"] = project.DeleteWindowSeconds,
        ["KeepsVersions"] = project.KeepsVersions,
        ["KeepsMetadata"] = project.KeepsMetadata,
        ["DeletedAt"] = project.DeletedAt,
        ["TokensFrom"] = project.TokensFrom,
        ["HasWebhooks"] = project.HasWebhooks,
        ["HasDevices"] = project.HasDevices ? true : null,
        ["Search"] = project.SearchEnabled ? true : null,
        ["WebhookTypes"] = project.WebhookTypes is { } types ? string.Join(' ', types) : null,
        ["PushContent"] = project.PushContent == PushContent.Full ? null : project.PushContent.ToString(),
        ["AsksBeforeSend"] = project.AsksBeforeSend,
        ["WordLists"] = project.WordListVersion,
        ["MinPasswordLength"] = project.MinPasswordLength,
        ["Visibility"] = (int)project.Visibility,
        ["MentionsAll"] = (int)project.MentionsAll,
        ["KeptRequests"] = (int)project.KeptRequests,
        [ProjectAccounts.Column] = project.Account,
        ["Services"] = ServicePlacement.ToText(project.Placement.Now),
        ["ServicesBefore"] = ServicePlacement.ToText(project.Placement.Before),
        ["ServicesFormer"] = ServicePlacement.ToText(project.Placement.Former),
        ["ServicesSwitchAt"] = project.Placement.IsMoving ? project.Placement.SwitchesAt : null,
    };

    private static Project FromRow(TableEntity row) => new(
        row.PartitionKey,
        row.GetString("Name"),
        row.GetString("TokenHash"),
        row.GetString("PreviousTokenHash"),
        row.GetDateTimeOffset("PreviousTokenUntil"),
        row.GetString("AllowedOrigins") is { Length: > 0 } origins ? origins.Split('\n') : [],
        row.GetBoolean("LogEnabled") ?? true,
        row.GetDateTimeOffset("CreatedAt") ?? default,
        row.ETag)
    {
        OlderTokens = row.GetString("OlderTokens") is { Length: > 0 } tokens ? [.. tokens.Split('\n').Select(ToToken)] : [],
        RetentionDays = row.GetInt32("RetentionDays"),
        MessageDays = row.GetInt32("MessageDays"),
        FileDays = row.GetInt32("FileDays"),
        EditWindowSeconds = row.GetInt32("EditWindow") ?? Project.DefaultWindow,
        DeleteWindowSeconds = row.GetInt32("DeleteWindow") ?? Project.DefaultWindow,
        KeepsVersions = row.GetBoolean("KeepsVersions") ?? false,
        KeepsMetadata = row.GetBoolean("KeepsMetadata")!.Value,
        HasWebhooks = row.GetBoolean("HasWebhooks") ?? false,
        HasDevices = row.GetBoolean("HasDevices") ?? false,
        SearchEnabled = row.GetBoolean("Search") ?? false,
        WebhookTypes = row.GetString("WebhookTypes")?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        PushContent = Enum.TryParse<PushContent>(row.GetString("PushContent"), out var content) ? content : PushContent.Full,
        AsksBeforeSend = row.GetBoolean("AsksBeforeSend") ?? false,
        WordListVersion = row.GetString("WordLists"),
        DeletedAt = row.GetDateTimeOffset("DeletedAt"),
        MinPasswordLength = row.GetInt32("MinPasswordLength")!.Value,
        Visibility = (Visibility)row.GetInt32("Visibility")!.Value,
        MentionsAll = (MentionRight)(row.GetInt32("MentionsAll") ?? 0),
        KeptRequests = (KeptRequests)(row.GetInt32("KeptRequests") ?? 0),
        Account = row.GetInt32(ProjectAccounts.Column)!.Value,
        Placement = row.GetString("Services") is { Length: > 0 } services
            ? new ServicePlacement(ServicePlacement.Parse(services))
            {
                Before = ServicePlacement.Parse(row.GetString("ServicesBefore")),
                Former = ServicePlacement.Parse(row.GetString("ServicesFormer")),
                SwitchesAt = row.GetDateTimeOffset("ServicesSwitchAt") ?? default,
            }
            : ServicePlacement.First,
        TokensFrom = row.GetDateTimeOffset("TokensFrom"),
    };

    private static EarlierToken ToToken(string line) => line.Split(' ') is [var hash, var until]
        ? new EarlierToken(hash, DateTimeOffset.Parse(until, CultureInfo.InvariantCulture))
        : throw new FormatException("A project's row has an older token that cannot be read.");
}
