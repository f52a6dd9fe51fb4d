using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Vox.DevHost.Http;

/// <summary>Finds the function of a request. The platform knows no precedence by shape: the first match in the order of the functions' names wins.</summary>
internal sealed class RouteTable
{
    private readonly FunctionRoute[] _all;
    private readonly Dictionary<string, FunctionRoute[]> _byMethod;
    private readonly FunctionRoute[] _otherMethods;
    private readonly HashSet<FunctionDescriptor> _disabled;

    public RouteTable(IReadOnlyList<FunctionDescriptor> functionsByName, string prefix, IConfiguration configuration)
    {
        _all = [.. functionsByName.Where(f => f.Http is not null).Select(f => new FunctionRoute(f, prefix))];
        _byMethod = _all
            .SelectMany(r => r.Function.Http!.Methods)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(m => m, m => Array.FindAll(_all, r => Takes(r, m)), StringComparer.OrdinalIgnoreCase);
        _otherMethods = Array.FindAll(_all, r => Takes(r, method: null));
        _disabled = [.. functionsByName.Where(configuration.IsDisabled)];
    }

    public string TemplateOf(FunctionDescriptor function) => Array.Find(_all, r => r.Function == function)!.Template;

    /// <returns>Null also when the function is disabled, which still owns its route.</returns>
    public FunctionDescriptor? Find(HttpContext http, out RouteValueDictionary values)
    {
        var path = http.Request.Path;
        values = [];
        foreach (var route in _byMethod.GetValueOrDefault(http.Request.Method, _otherMethods))
        {
            if (route.Matches(http, path, values))
            {
                return _disabled.Contains(route.Function) ? null : route.Function;
            }

            values.Clear();
        }

        return null;
    }

    private static bool Takes(FunctionRoute route, string? method) =>
        route.Function.Http!.Methods is not { Length: > 0 } methods
        || (method is not null && methods.Contains(method, StringComparer.OrdinalIgnoreCase));
}
