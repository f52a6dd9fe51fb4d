using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Vox.DevHost.Http;

/// <summary>
/// Finds the function for a request. On the platform no route wins by its shape: the first match in the order of the functions' names wins.
/// </summary>
internal sealed class RouteTable
{
    private readonly FunctionRoute[] all;
    private readonly Dictionary<string, FunctionRoute[]> byMethod;
    private readonly FunctionRoute[] otherMethods;
    private readonly HashSet<FunctionDescriptor> disabled;

    public RouteTable(IReadOnlyList<FunctionDescriptor> functionsByName, string prefix, IConfiguration configuration)
    {
        all = [.. functionsByName.Where(f => f.Http is not null).Select(f => new FunctionRoute(f, prefix))];
        byMethod = all
            .SelectMany(r => r.Function.Http!.Methods)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(m => m, m => Array.FindAll(all, r => Takes(r, m)), StringComparer.OrdinalIgnoreCase);
        otherMethods = Array.FindAll(all, r => Takes(r, method: null));
        disabled = [.. functionsByName.Where(configuration.IsDisabled)];
    }

    public string TemplateOf(FunctionDescriptor function) => Array.Find(all, r => r.Function == function)!.Template;

    /// <returns>Null if there is none. Null also if the function is disabled: it still owns its route.</returns>
    public FunctionDescriptor? Find(HttpContext http, out RouteValueDictionary values)
    {
        var path = http.Request.Path;
        values = [];
        foreach (var route in byMethod.GetValueOrDefault(http.Request.Method, otherMethods))
        {
            if (route.Matches(http, path, values))
            {
                return disabled.Contains(route.Function) ? null : route.Function;
            }

            values.Clear();
        }

        return null;
    }

    private static bool Takes(FunctionRoute route, string? method) =>
        route.Function.Http!.Methods is not { Length: > 0 } methods
        || (method is not null && methods.Contains(method, StringComparer.OrdinalIgnoreCase));
}
