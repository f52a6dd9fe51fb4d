using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Tests.Build;

/// <summary>Rules that the platform does not check, or checks only when the app is deployed.</summary>
public sealed class FunctionShapeTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly string[] Triggers =
        [nameof(HttpTriggerAttribute), nameof(TimerTriggerAttribute), nameof(SignalRTriggerAttribute), nameof(QueueTriggerAttribute)];

    private static readonly List<Function> Functions =
    [
        .. from type in typeof(Program).Assembly.GetTypes()
           from method in type.GetMethods(Any)
           let name = method.GetCustomAttribute<FunctionAttribute>()
           where name is not null
           let http = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(a => a is not null)
           select new Function(name.Name, method, http),
    ];

    private static IEnumerable<Function> HttpFunctions => Functions.Where(f => f.Http is not null);

    [Fact]
    public void Functions_AreThere() => Assert.True(Functions.Count > 10);

    /// <summary>
    /// The generators do not see other methods. They run the functions of an internal class through reflection, which is prepared anew for
    /// each call.
    /// </summary>
    [Fact]
    public void Functions_ArePublicMethodsOfPublicClassesWithoutInheritance() => Assert.All(Functions, function =>
    {
        var type = function.Method.DeclaringType!;
        Assert.True(function.Method.IsPublic && !function.Method.IsGenericMethod, function.Name);
        Assert.True(type is { IsPublic: true, IsAbstract: false, IsGenericType: false, IsNested: false }, function.Name);
        Assert.Equal(typeof(object), type.BaseType);
        Assert.Equal(function.Method, function.Method.GetBaseDefinition());
    });

    [Fact]
    public void Functions_HaveOneTriggerEach_WrittenAsAPlainAttribute() => Assert.All(Functions, function =>
    {
        var triggers = function.Method.GetParameters()
            .SelectMany(p => p.CustomAttributes).Where(a => a.AttributeType.Name.EndsWith("TriggerAttribute", StringComparison.Ordinal));
        Assert.Contains(Assert.Single(triggers).AttributeType.Name, Triggers);
    });

    [Fact]
    public void Functions_HaveNamesThatDifferInMoreThanCase() =>
        Assert.Equal(Functions.Count, Functions.Select(f => f.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    /// <summary>Without a stated level the platform emits none, and then asks for a key.</summary>
    [Fact]
    public void HttpFunctions_StateTheirAuthorizationLevelAndMethods() => Assert.All(HttpFunctions, function =>
    {
        var attribute = function.Method.GetParameters()
            .SelectMany(p => p.CustomAttributes).Single(a => a.AttributeType == typeof(HttpTriggerAttribute));
        Assert.True(
            attribute.ConstructorArguments
                is [{ ArgumentType: var level }, { Value: IReadOnlyCollection<CustomAttributeTypedArgument> { Count: > 0 } }]
            && level == typeof(AuthorizationLevel),
            $"{function.Name}: [HttpTrigger(AuthorizationLevel.…, \"method\", Route = …)]");
    });

    /// <summary>An empty route breaks the whole app on the platform; admin and runtime belong to the host.</summary>
    [Fact]
    public void HttpFunctions_HaveRoutesThatThePlatformAllows() => Assert.All(HttpFunctions, function =>
    {
        var route = function.Http!.Route;
        Assert.NotNull(route);
        Assert.NotEqual("", route.Trim('/'));
        Assert.False(route.StartsWith('/') || route.EndsWith('/'), $"{function.Name}: {route}");
        Assert.DoesNotMatch("^(admin/host|admin/functions|runtime)(/|$)", route);
    });

    /// <summary>If several routes match, the first function by name wins, whatever the routes look like.</summary>
    [Theory]
    [InlineData(StringComparison.Ordinal)]
    [InlineData(StringComparison.OrdinalIgnoreCase)]
    public void HttpFunctions_WithCatchAllRoutes_AreNamedAfterAllOthers(StringComparison comparison)
    {
        // Catch-all routes below a prefix affect only that prefix. The next test covers them.
        var catchAlls = HttpFunctions.Where(f => f.Http!.Route!.StartsWith("{*", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(catchAlls);
        Assert.All(catchAlls, catchAll =>
        {
            Assert.StartsWith("Zz", catchAll.Name, StringComparison.Ordinal);
            Assert.All(HttpFunctions.Except(catchAlls), other => Assert.True(
                string.Compare(other.Name, catchAll.Name, comparison) < 0, $"{catchAll.Name} would swallow {other.Name}."));
        });
    }

    [Fact]
    public void HttpFunctions_WithLiteralRoutes_ComeBeforeParametersThatMatchThem()
    {
        foreach (var literal in HttpFunctions.Where(f => !f.Http!.Route!.Contains('{', StringComparison.Ordinal)))
        {
            foreach (var pattern in HttpFunctions.Where(f => f.Http!.Route!.Contains('{', StringComparison.Ordinal)))
            {
                var overlaps = literal.Http!.Methods!.Intersect(pattern.Http!.Methods!, StringComparer.OrdinalIgnoreCase).Any()
                    && new TemplateMatcher(TemplateParser.Parse(pattern.Http.Route!), []).TryMatch("/" + literal.Http.Route, []);
                Assert.True(
                    !overlaps || string.CompareOrdinal(literal.Name, pattern.Name) < 0, $"{pattern.Name} would swallow {literal.Name}.");
            }
        }
    }

    [Fact]
    public void HttpFunctions_WithTheSameRoute_ShareNoMethod() => Assert.All(
        HttpFunctions.SelectMany(f => f.Http!.Methods!.Select(
            m => (Key: $"{m.ToLowerInvariant()} {f.Http.Route!.ToLowerInvariant()}", f.Name))).GroupBy(f => f.Key, StringComparer.Ordinal),
        group => Assert.Single(group));

    [Fact]
    public void HttpFunctions_AreWrittenInLowerCaseVerbs() =>
        Assert.All(HttpFunctions, f => Assert.All(f.Http!.Methods!, m => Assert.Equal(m.ToLowerInvariant(), m)));

    [Fact]
    public void Timers_HaveSixFieldsOrASetting() => Assert.All(
        Functions.SelectMany(f => f.Method.GetParameters())
            .Select(p => p.GetCustomAttribute<TimerTriggerAttribute>()).OfType<TimerTriggerAttribute>(),
        timer => Assert.Matches(@"^(%\w+%|\S+( \S+){5})$", timer.Schedule));

    private sealed record Function(string Name, MethodInfo Method, HttpTriggerAttribute? Http);
}
