using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Vox.Local.Hosting;

/// <summary>The order within one invocation: middleware as registered, then the outputs, then the function.</summary>
internal static class Pipeline
{
    private static readonly ActionDescriptor NoAction = new();

    public static FunctionExecutionDelegate Compose(IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware) =>
        middleware.Reverse().Aggregate<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>, FunctionExecutionDelegate>(
            CallFunctionAsync, static (next, outer) => outer(next));

    /// <summary>Shows the request to what follows, and writes the result when that has finished.</summary>
    public static FunctionExecutionDelegate Web(FunctionExecutionDelegate next) => async context =>
    {
        var invocation = (Invocation)context;
        invocation.VisibleHttpContext = invocation.Http;
        await next(context);
        if (invocation.Http is { } http) await WriteResultAsync(http, invocation);
    };

    private static async Task CallFunctionAsync(FunctionContext context)
    {
        var invocation = (Invocation)context;
        var function = invocation.Function;
        for (var i = 0; i < function.Binders.Length; i++)
            invocation.Arguments[i] = function.Binders[i](invocation);

        var instance = function.Factory?.Invoke(context.InstanceServices, null);
        var value = await function.Call(instance, invocation.Arguments);
        if (function.OutputProperties.Length == 0)
        {
            invocation.Result.Value = value;
            return;
        }

        if (value is null) return;
        foreach (var property in function.OutputProperties)
        {
            if (property.Read(value) is { } output) invocation.Outputs.Add(new Output(property, output));
        }
    }

    private static Task WriteResultAsync(HttpContext http, Invocation invocation)
    {
        var value = invocation.Result.Value;
        if (value is not (IActionResult or IResult))
            value = invocation.Outputs.Find(static o => o.Property.SignalR is null)?.Value;

        return value switch
        {
            IActionResult result => result.ExecuteResultAsync(new ActionContext(http, new RouteData(), NoAction)),
            IResult result => result.ExecuteAsync(http),
            // Anything else is an empty 200, as on the platform: functions always return a result.
            _ => Task.CompletedTask,
        };
    }
}
