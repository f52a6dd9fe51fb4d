using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Tests.Http;

/// <summary>A function of the app, as its attributes describe it.</summary>
/// <param name="Http">Null for other triggers.</param>
public sealed record AppFunction(string Name, MethodInfo Method, HttpTriggerAttribute? Http)
{
    public static IReadOnlyList<AppFunction> All { get; } =
    [
        .. from type in typeof(Program).Assembly.GetTypes()
           from method in type.GetMethods()
           let name = method.GetCustomAttribute<FunctionAttribute>()?.Name
           where name is not null
           orderby name
           select new AppFunction(
               name,
               method,
               method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(a => a is not null)),
    ];

    public static IEnumerable<AppFunction> OfHttp => All.Where(function => function.Http is not null);

    public IEnumerable<string> RouteValues => Http is null ? [] : RoutePatternFactory.Parse(Http.Route!).Parameters.Select(p => p.Name);

    /// <summary>An address that leads to it; route values are made up.</summary>
    public string Path => Http is null ? "" : "/" + string.Join('/', RoutePatternFactory.Parse(Http.Route!).PathSegments
        .Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart { ParameterPolicies.Count: > 0 } => "",
            _ => "none",
        }))));

    public override string ToString() => $"{Name} ({Http?.Methods?[0]} {Path})";
}
