using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;

namespace Vox.Portal.Estimate;

/// <summary>What this software costs to run.</summary>
public sealed class EstimateFunctions(EstimateService estimates, PortalCallers callers)
{
    [Function("EstimateCosts")]
    [PortalOperation("Portal estimate", "What a deployment costs on Azure in a month, by list prices",
        Query = "users:integer dailyPercent:integer? peakPercent:integer? messagesADay:integer? hoursOnline:integer? monthsKept:integer? "
            + "memory:integer? alwaysReady:integer? replicated:boolean? autoscale:boolean? frontDoor:boolean?",
        Response = typeof(EstimateResponse))]
    public async Task<IActionResult> EstimateCosts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/portal/v1/estimate")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var users = fields.Number("users", 1, 100_000_000);
        var usual = ChatHabits.Default;
        var habits = usual with
        {
            DailyShare = fields.Number("dailyPercent", 0, 100, (int)(usual.DailyShare * 100)) / 100.0,
            PeakShare = fields.Number("peakPercent", 0, 100, (int)(usual.PeakShare * 100)) / 100.0,
            MessagesADay = fields.Number("messagesADay", 0, 100_000, (int)usual.MessagesADay),
            HoursOnline = fields.Number("hoursOnline", 0, 24, (int)usual.HoursOnline),
            MonthsKept = fields.Number("monthsKept", 0, 1_200, (int)usual.MonthsKept),
        };
        var advised = DeploymentSize.For(users);
        var size = advised with
        {
            MemoryMegabytes = fields.Number("memory", 512, 4_096, advised.MemoryMegabytes) is (512 or 2_048 or 4_096) and var memory
                ? memory
                : throw new VoxException(Errors.InvalidField, "memory must be 512, 2048 or 4096.", "memory"),
            AlwaysReady = fields.Number("alwaysReady", 0, 1_000, advised.AlwaysReady),
            Replicated = Flag(fields, "replicated", true),
            Autoscale = Flag(fields, "autoscale", advised.Autoscale),
            FrontDoor = Flag(fields, "frontDoor", false),
        };
        return PortalResults.Json(request, estimates.Estimate(users, habits, size), EstimateJson.Wire.EstimateResponse);
    }

    private static bool Flag(RequestFields fields, string name, bool byDefault) => fields[name] switch
    {
        null or "" => byDefault,
        "true" => true,
        "false" => false,
        _ => throw new VoxException(Errors.InvalidField, $"{name} must be true or false.", name),
    };
}
