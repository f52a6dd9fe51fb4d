using System.Text.Json;
using Vox.DevHost.Rpc;

namespace Vox.DevHost;

/// <summary>One function as the worker describes it: its trigger and the host's other bindings.</summary>
internal sealed class FunctionDescriptor
{
    private const string ReturnValue = "$return";

    private FunctionDescriptor(FunctionMetadata metadata)
    {
        JsonElement[] bindings = [.. metadata.RawBindings.Select(raw => JsonDocument.Parse(raw).RootElement)];
        Name = metadata.Name;
        Id = metadata.FunctionId;
        EntryPoint = metadata.EntryPoint;
        Assembly = Path.GetFileNameWithoutExtension(metadata.ScriptFile);
        var trigger = Array.Find(bindings, b => TypeOf(b).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));
        TriggerType = trigger.ValueKind == JsonValueKind.Undefined ? "" : TypeOf(trigger);
        ParameterName = Text(trigger, "name") ?? "";
        switch (TriggerType)
        {
            case "httpTrigger":
                Http = new(
                    Text(trigger, "route"), Texts(trigger, "methods"),
                    Enum.Parse<KeyLevel>(Text(trigger, "authLevel") ?? nameof(KeyLevel.Function), ignoreCase: true));
                break;
            case "timerTrigger":
                Timer = new(Required(trigger, "schedule"), Flag(trigger, "runOnStartup"));
                break;
            case "signalRTrigger":
                SignalR = new(
                    Required(trigger, "hubName"), Required(trigger, "category"), Required(trigger, "event"),
                    Texts(trigger, "parameterNames"), Text(trigger, "connectionStringSetting"));
                break;
            case "queueTrigger":
                Queue = new(Required(trigger, "queueName"), Text(trigger, "connection") ?? "AzureWebJobsStorage");
                break;
            default:
                throw new InvalidOperationException($"Function '{Name}' has no trigger that runs here (HTTP, timer, queue or SignalR).");
        }

        ConnectionInfos = [.. bindings.Where(b => Is(b, "signalRConnectionInfo")).Select(b => new ConnectionInfoBinding(
            Required(b, "name"), Required(b, "hubName"), Text(b, "connectionStringSetting"), Text(b, "userId"),
            Text(b, "idToken") is not null || Texts(b, "claimTypeList").Length > 0))];
        Outputs = [.. bindings.Where(b => Is(b, "signalR")).Select(b => new SignalROutputBinding(
            Required(b, "name"), Required(b, "hubName"), Text(b, "connectionStringSetting")))];
        LoadRequest = new FunctionLoadRequest { FunctionId = Id, Metadata = metadata };
        // The worker reads the bindings from here, but may leave them out of the metadata that it reports.
        foreach (var binding in bindings.Where(b => !metadata.Bindings.ContainsKey(Required(b, "name"))))
        {
            metadata.Bindings[Required(binding, "name")] = new BindingInfo { Type = TypeOf(binding), Direction = DirectionOf(binding) };
        }
    }

    public string Name { get; }

    /// <summary>Valid only for this run of the worker.</summary>
    public string Id { get; }

    /// <summary>Full name of the method.</summary>
    public string EntryPoint { get; }

    /// <summary>The app's assembly, without extension.</summary>
    public string Assembly { get; }

    public string TriggerType { get; }

    /// <summary>Name of the parameter that the trigger is bound to.</summary>
    public string ParameterName { get; }

    public HttpTrigger? Http { get; }

    public TimerTrigger? Timer { get; }

    public SignalRTrigger? SignalR { get; }

    public QueueTrigger? Queue { get; }

    public ConnectionInfoBinding[] ConnectionInfos { get; }

    public SignalROutputBinding[] Outputs { get; }

    public FunctionLoadRequest LoadRequest { get; }

    /// <summary>The functions in the order in which routes are tried: by name.</summary>
    public static FunctionDescriptor[] Of(IEnumerable<FunctionMetadata> metadata)
    {
        FunctionDescriptor[] functions = [.. metadata.Select(m => new FunctionDescriptor(m)).OrderBy(f => f.Name, StringComparer.Ordinal)];
        var twice = functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any());
        return twice is null
            ? functions
            : throw new InvalidOperationException($"Two functions are named '{twice.Key}': names must differ in more than case.");
    }

    /// <summary>What the function returned for a binding: its return value, or the property of that name.</summary>
    public static TypedData? OutputOf(InvocationResponse response, string binding) =>
        string.Equals(binding, ReturnValue, StringComparison.OrdinalIgnoreCase)
            ? response.ReturnValue
            : response.OutputData.FirstOrDefault(o => o.Name.Equals(binding, StringComparison.OrdinalIgnoreCase))?.Data;

    private static bool Is(JsonElement binding, string type) => TypeOf(binding).Equals(type, StringComparison.OrdinalIgnoreCase);

    private static string TypeOf(JsonElement binding) => Required(binding, "type");

    private static BindingInfo.Types.Direction DirectionOf(JsonElement binding) =>
        Enum.TryParse<BindingInfo.Types.Direction>(Text(binding, "direction"), ignoreCase: true, out var direction) ? direction : default;

    private static string Required(JsonElement binding, string property) =>
        Text(binding, property) ?? throw new InvalidOperationException($"A binding lacks its '{property}': {binding}");

    private static string? Text(JsonElement binding, string property) =>
        binding.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement binding, string property) =>
        binding.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;

    private static string[] Texts(JsonElement binding, string property) =>
        binding.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(v => v.GetString()!)]
            : [];
}
