using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vox.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What middleware and functions ask of their context.</summary>
public static class FunctionContextExtensions
{
    /// <summary>The request, or null for other triggers and before <c>ConfigureFunctionsWebApplication</c>'s place in the order.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) => Of(context).VisibleHttpContext;

    public static InvocationResult GetInvocationResult(this FunctionContext context) => Of(context).Result;

    public static IEnumerable<OutputBindingData<T>> GetOutputBindings<T>(this FunctionContext context) =>
        Of(context).Outputs.Where(o => o.Value is T).Select(o => new OutputView<T>(o));

    public static ILogger<T> GetLogger<T>(this FunctionContext context) =>
        context.InstanceServices.GetRequiredService<ILogger<T>>();

    private static Invocation Of(FunctionContext context) => (Invocation)context;
}
