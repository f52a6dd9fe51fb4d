using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Chat.Vendor;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.ChatLogs;

/// <summary>The vendor's REST API for the history of a project (guide 3.12 c), and the upkeep of the log.</summary>
public sealed class ChatLogFunctions(ProjectService projects, ChatLogReader reader, ChatLogRepair repair, ChatLogRetention retention)
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";
    private const int MaxSize = 1_000;

    [Function("GetChatHistory")]
    [VendorOperation("Chat", "Messages of a project, newest first", Response = typeof(ChatHistoryResponse),
        Query = "projectid authtoken fromnumber? tonumber? starttime? endtime? offset:integer size:integer deleted:integer?")]
    public async Task<IActionResult> GetChatHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/getchathistory")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var fields = RequestFields.OfQuery(request);
        var project = await projects.AuthenticateAsync(fields["projectid"], fields["authtoken"], cancellationToken);
        var filter = new ChatLogFilter(
            LoginId(fields, "fromnumber"), LoginId(fields, "tonumber"), Time(fields, "starttime"), Time(fields, "endtime") + 999);
        if (filter.Start > filter.End)
        {
            throw new VoxException(Errors.InvalidField, "starttime is after endtime.", "starttime");
        }

        var offset = fields.Number("offset", 0, int.MaxValue);
        var size = fields.Number("size", 1, MaxSize);
        var entries = await reader.ReadAsync(project.Id, filter, offset, size, cancellationToken);
        var deleted = fields.Number("deleted", 0, 1, 0) == 1
            ? entries.Where(entry => entry.Type == ChatLogEntry.Deleted).Select(entry => entry.Id).ToList()
            : null;
        entries.RemoveAll(entry => entry.Type == ChatLogEntry.Deleted);
        var messages = entries.ConvertAll(entry => new ChatHistoryMessage(
            entry.From, entry.To, entry.Data,
            DateTimeOffset.FromUnixTimeMilliseconds(entry.LoggedAt).ToString(TimeFormat, CultureInfo.InvariantCulture), entry.Group));
        return WireResults.Json(new ChatHistoryResponse(new ChatHistoryData(messages, deleted)), ChatLogJson.Wire.ChatHistoryResponse);
    }

    /// <summary>Every minute: logs what a process had stored, but not logged, when it ended.</summary>
    [Function("RepairChatLog")]
    public Task RepairChatLog([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        repair.RunAsync(cancellationToken);

    /// <summary>Every night: deletes what is older than each project's setting allows.</summary>
    [Function("ApplyLogRetention")]
    public Task ApplyLogRetention([TimerTrigger("0 40 2 * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        retention.RunAsync(cancellationToken);

    /// <summary>
    /// The guide's own example sends the word NULL for what it leaves out. So a user of that name is written in quotes.
    /// </summary>
    private static string? Optional(RequestFields fields, string name) => fields[name] switch
    {
        null or "" or "NULL" => null,
        "\"NULL\"" => "NULL",
        var value => value,
    };

    private static string? LoginId(RequestFields fields, string name) =>
        Optional(fields, name) is { } value ? LoginIds.Canonical(value) : null;

    private static long? Time(RequestFields fields, string name)
    {
        if (Optional(fields, name) is not { } text)
        {
            return null;
        }

        return DateTime.TryParseExact(
            text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time >= DateTime.UnixEpoch
            ? new DateTimeOffset(time).ToUnixTimeMilliseconds()
            : throw new VoxException(
                Errors.InvalidField, $"{name} must be a UTC time like 2026-01-31 23:59:59, not before 1970, or NULL.", name);
    }
}
