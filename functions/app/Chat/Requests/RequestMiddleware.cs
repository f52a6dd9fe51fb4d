using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Vox.Platform.Http;

namespace Vox.Chat.Requests;

/// <summary>
/// Notes requests of users and of customers' servers when they are answered. It is inside of what turns exceptions into answers.
/// </summary>
internal sealed class RequestMiddleware(RequestLog log, TimeProvider time) : IFunctionsWorkerMiddleware
{
    /// <summary>The routes of functions, by name. Those that show what is noted are left out: looking would make more to look at.</summary>
    private static readonly FrozenDictionary<string, string> Routes = (
        from type in typeof(RequestMiddleware).Assembly.GetTypes()
        where type.IsPublic
        from method in type.GetMethods()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let route = parameter.GetCustomAttribute<HttpTriggerAttribute>()?.Route
        where route is not null && route != ServerRoute
        select KeyValuePair.Create(function.Name, route)).ToFrozenDictionary(StringComparer.Ordinal);

    public const string ServerRoute = "api/server/v1/api-requests";

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        log.IsOn && Routes.TryGetValue(context.FunctionDefinition.Name, out var route) && context.GetHttpContext() is not null
            ? ObserveAsync(context, next, route)
            : next(context);

    private async Task ObserveAsync(FunctionContext context, FunctionExecutionDelegate next, string route)
    {
        var began = time.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var error = ErrorResponses.Classify(e).Error;
            Note(context, route, began, error.Status, error.Code);
            throw;
        }

        Note(
            context, route, began,
            context.GetInvocationResult().Value is IStatusCodeActionResult { StatusCode: { } status } ? status : 200, "");
    }

    private void Note(FunctionContext context, string route, long began, int status, string error)
    {
        var http = context.GetHttpContext()!;
        if (RequestNote.Of(http) is { } note)
        {
            log.Note(new ApiRequest(
                note.ProjectId, time.GetUtcNow(), note.Api, note.Caller, http.Request.Method, route, status,
                (int)time.GetElapsedTime(began).TotalMilliseconds, context.InvocationId, error, 1));
        }
    }
}
