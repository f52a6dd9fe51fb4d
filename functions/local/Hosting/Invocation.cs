using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Local.Hosting;

/// <summary>The state of one invocation. Whatever most functions never ask for is made on demand.</summary>
internal sealed class Invocation(FunctionDescriptor function, IServiceProvider services, CancellationToken cancellation) : FunctionContext
{
    private string? _id;
    private IDictionary<object, object>? _items;
    private InvocationFeatures? _features;

    public FunctionDescriptor Function => function;

    /// <summary>The request, for an HTTP function.</summary>
    public HttpContext? Http { get; init; }

    /// <summary>The request as middleware sees it: only behind ConfigureFunctionsWebApplication.</summary>
    public HttpContext? VisibleHttpContext { get; set; }

    public RouteValueDictionary? RouteValues { get; init; }

    /// <summary>A TimerInfo or a SignalRInvocationContext.</summary>
    public object? Trigger { get; init; }

    public object?[] Arguments { get; } = new object?[function.Binders.Length];

    public ReturnedValue Result { get; } = new();

    public List<Output> Outputs { get; } = [];

    public override string InvocationId => _id ??= Guid.NewGuid().ToString();

    public override string FunctionId => function.Definition.Id;

    public override FunctionDefinition FunctionDefinition => function.Definition;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override IDictionary<object, object> Items
    {
        get => _items ??= new Dictionary<object, object>();
        set => _items = value;
    }

    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    public override CancellationToken CancellationToken => Http?.RequestAborted ?? cancellation;

    public override TraceContext TraceContext => new Trace(Activity.Current);

    public override BindingContext BindingContext => new Binding(RouteValues);

    public override RetryContext RetryContext => new NoRetry();

    private sealed class Trace(Activity? activity) : TraceContext
    {
        public override string TraceParent { get; } = activity?.Id ?? "";

        public override string TraceState { get; } = activity?.TraceStateString ?? "";
    }

    private sealed class Binding(RouteValueDictionary? values) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = values ?? [];
    }

    private sealed class NoRetry : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
