using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Vox.DevHost.Http;

/// <summary>A function's route, ready to match paths.</summary>
internal sealed class FunctionRoute
{
    private static readonly string[] Reserved = ["admin/host", "admin/functions", "runtime"];
    private static readonly DefaultInlineConstraintResolver Resolver = CreateResolver();

    private readonly TemplateMatcher matcher;
    private readonly (string Name, IRouteConstraint Constraint)[] constraints;
    private readonly string[] optional;

    // The literal start of every path of this route. It rules out most templates before the full match.
    private readonly string start;

    public FunctionRoute(FunctionDescriptor function, string prefix)
    {
        Function = function;
        var route = function.Http!.Route ?? function.Name;
        if (route.Trim('/').Length == 0)
        {
            throw new InvalidOperationException(
                $"Function '{function.Name}' has the route \"{route}\", which breaks the platform: "
                + "use {*path} or {x:maxlength(0)?} to own the root.");
        }

        Template = prefix.Length == 0 ? route : $"{prefix}/{route}";
        if (Array.Exists(Reserved, r => $"{Template}/".StartsWith($"{r}/", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"Function '{function.Name}' has the route \"{Template}\", which belongs to the platform.");
        }

        var template = TemplateParser.Parse(Template);
        var defaults = new RouteValueDictionary();
        foreach (var parameter in template.Parameters)
        {
            if (parameter.DefaultValue is { } value)
            {
                defaults.Add(parameter.Name!, value);
            }
        }

        matcher = new TemplateMatcher(template, defaults);
        constraints = [.. from p in template.Parameters
                           from c in p.InlineConstraints
                           select (p.Name!, Resolve(c.Constraint, p.IsOptional))];
        optional = [.. template.Parameters.Where(p => p.IsOptional || p.IsCatchAll).Select(p => p.Name!)];
        start = string.Concat(
            template.Segments.TakeWhile(s => s is { IsSimple: true, Parts: [{ IsLiteral: true }] }).Select(s => $"/{s.Parts[0].Text}"));
    }

    public FunctionDescriptor Function { get; }

    public string Template { get; }

    public bool Matches(HttpContext http, PathString path, RouteValueDictionary values)
    {
        if (path.Value?.StartsWith(start, StringComparison.OrdinalIgnoreCase) != true || !matcher.TryMatch(path, values))
        {
            return false;
        }

        foreach (var (name, constraint) in constraints)
        {
            if (!constraint.Match(http, route: null, name, values, RouteDirection.IncomingRequest))
            {
                return false;
            }
        }

        // An optional value that is absent is still a route value: it hides a query parameter of the same name.
        foreach (var name in optional)
        {
            values.TryAdd(name, null);
        }

        return true;
    }

    private static IRouteConstraint Resolve(string constraint, bool optional)
    {
        var resolved = Resolver.ResolveConstraint(constraint)
            ?? throw new InvalidOperationException($"There is no route constraint '{constraint}'.");
        return optional ? new OptionalRouteConstraint(resolved) : resolved;
    }

    private static DefaultInlineConstraintResolver CreateResolver()
    {
        var options = new RouteOptions();
        options.SetParameterPolicy<RegexInlineRouteConstraint>("regex");
        return new DefaultInlineConstraintResolver(Options.Create(options), new ServiceCollection().BuildServiceProvider());
    }
}
