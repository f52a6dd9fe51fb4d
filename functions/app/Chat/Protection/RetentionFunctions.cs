using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Platform.Http;
using Vox.Platform.Limits;

namespace Vox.Chat.Protection;

/// <summary>How long a project keeps what, for the customer's server, and the timer that sees to it.</summary>
public sealed class RetentionFunctions(
    ProjectService projects, RetentionService retention, RetentionWork work, ClientAddresses addresses, RequestBody body)
{
    private const string Base = "api/data/retention";

    [Function("GetRetention")]
    [ProjectOperation("Data protection", "How long log, messages and files are kept", Response = typeof(RetentionView),
        Query = "projectid authtoken")]
    public async Task<IActionResult> GetRetention(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (_, project) = await ReadAsync(request, cancellationToken);

        // As stored now: another process may have changed it a moment ago.
        return WireResults.Json(
            RetentionService.Read(await projects.FindNowAsync(project.Id, cancellationToken) ?? project),
            ProtectionJson.Wire.RetentionView);
    }

    [Function("SetRetention")]
    [ProjectOperation("Data protection", "Set how many days log, messages and files are kept; 0 for ever", Response = typeof(RetentionView),
        Fields = "projectid authtoken logDays:integer? messageDays:integer? fileDays:integer?")]
    public async Task<IActionResult> SetRetention(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (fields, project) = await ReadAsync(request, cancellationToken);
        var wanted = new RetentionRequest(Days(fields, "logDays"), Days(fields, "messageDays"), Days(fields, "fileDays"));
        return WireResults.Json(
            await retention.ChangeAsync(project, wanted, new(DataActor.Api, addresses.Of(request).Text), cancellationToken),
            ProtectionJson.Wire.RetentionView);
    }

    /// <summary>Every night: erases messages and files that are older than each project's settings allow.</summary>
    [Function("ApplyDataRetention")]
    public Task ApplyDataRetention([TimerTrigger("0 50 2 * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        work.BeginAsync(cancellationToken);

    private static int? Days(RequestFields fields, string name) =>
        fields[name] is { Length: > 0 } ? fields.Number(name, 0, RetentionService.MaxDays) : null;

    private async Task<(RequestFields Fields, Project Project)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await RequestFields.ReadAsync(request, body, cancellationToken);
        return (fields, await projects.AuthenticateAsync(fields["projectid"], fields["authtoken"], cancellationToken));
    }
}
