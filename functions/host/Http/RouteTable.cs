using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vox.DevHost.Http;

/// <summary>
/// Finds the function of a request. The platform knows no precedence by shape: the first match in the order of the functions' names wins.
/// Split by method and first literal segment, so that a request is compared with few templates.
/// </summary>
internal sealed class RouteTable
{
    private readonly FunctionRoute[] _all;
    private readonly Dictionary<string, Branch> _byMethod;
    private readonly Branch _otherMethods;

    public RouteTable(IEnumerable<FunctionDescriptor> functionsByName, string prefix)
    {
        _all = [.. functionsByName.Where(f => f.Http is not null).Select(f => new FunctionRoute(f, prefix))];
        _byMethod = _all
            .SelectMany(r => r.Function.Http!.Methods)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(m => m, m => new Branch(_all.Where(r => Takes(r, m))), StringComparer.OrdinalIgnoreCase);
        _otherMethods = new Branch(_all.Where(r => Takes(r, method: null)));
    }

    public string TemplateOf(FunctionDescriptor function) => Array.Find(_all, r => r.Function == function)!.Template;

    public FunctionDescriptor? Find(HttpContext http, out RouteValueDictionary values)
    {
        var path = http.Request.Path;
        var branch = _byMethod.GetValueOrDefault(http.Request.Method, _otherMethods);
        values = [];
        foreach (var route in branch.Candidates(FirstSegment(path.Value)))
        {
            if (route.Matches(http, path, values)) return route.Function;
            values.Clear();
        }

        return null;
    }

    private static bool Takes(FunctionRoute route, string? method) =>
        route.Function.Http!.Methods is not { Length: > 0 } methods
        || (method is not null && methods.Contains(method, StringComparer.OrdinalIgnoreCase));

    private static ReadOnlySpan<char> FirstSegment(ReadOnlySpan<char> path)
    {
        var rest = path.TrimStart('/');
        var end = rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }

    private sealed class Branch
    {
        private readonly Dictionary<string, FunctionRoute[]>.AlternateLookup<ReadOnlySpan<char>> _byFirstLiteral;
        private readonly FunctionRoute[] _rest;

        public Branch(IEnumerable<FunctionRoute> routes)
        {
            FunctionRoute[] all = [.. routes];
            _rest = [.. all.Where(r => r.FirstLiteral is null)];
            _byFirstLiteral = all
                .Where(r => r.FirstLiteral is not null)
                .Select(r => r.FirstLiteral!)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .ToDictionary(
                    literal => literal,
                    literal => Array.FindAll(all, r => r.FirstLiteral is null || r.FirstLiteral.Equals(literal, StringComparison.OrdinalIgnoreCase)),
                    StringComparer.OrdinalIgnoreCase)
                .GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public FunctionRoute[] Candidates(ReadOnlySpan<char> firstSegment) =>
            _byFirstLiteral.TryGetValue(firstSegment, out var routes) ? routes : _rest;
    }
}
