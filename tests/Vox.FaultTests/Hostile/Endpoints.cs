using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Protection;
using Vox.Chat.ServerApi;
using Vox.Chat.Vendor;
using Vox.Platform.OpenApi;

namespace Vox.Tests.Hostile;

/// <summary>One method of one route, as the function declares it.</summary>
internal sealed record Endpoint(string Method, string Route, string Function, ApiOperationAttribute? Operation)
{
    /// <summary>Every HTTP function of the app. A new function is included automatically.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        .. from type in typeof(Program).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           from verb in trigger.Methods ?? []
           orderby trigger.Route, verb
           select new Endpoint(
               verb.ToUpperInvariant(), "/" + trigger.Route, function.Name, method.GetCustomAttribute<ApiOperationAttribute>()),
    ];

    public bool IsPortal => Route.StartsWith("/api/portal/", StringComparison.Ordinal);

    /// <summary>Whether the endpoint needs the master key of the function app.</summary>
    public bool IsOperator => Route.StartsWith("/api/operator/", StringComparison.Ordinal);

    public bool IsClient => Operation is { Anonymous: false } && !IsPortal && Route.StartsWith("/api/v1/", StringComparison.Ordinal);

    /// <summary>Whether customers' servers call it, with an API key.</summary>
    public bool IsServer => Operation is ServerOperationAttribute;

    /// <summary>The scope that such a key needs.</summary>
    public string Scope => ((ServerOperationAttribute)Operation!).Scope;

    /// <summary>Whether the endpoint takes the project's keys as fields.</summary>
    public bool IsVendor => Operation is VendorOperationAttribute or ProjectOperationAttribute;

    public IEnumerable<string> Query => Names(Operation?.Query);

    public IEnumerable<string> Fields => Names(Operation?.Fields);

    public override string ToString() => $"{Method} {Route}";

    private static IEnumerable<string> Names(string? list) =>
        (list ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name.TrimEnd('?'));
}
