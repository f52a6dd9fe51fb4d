using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Tests.Build;

/// <summary>functions.metadata, from which every host takes its list, has what the sources say.</summary>
public sealed class FunctionsMetadataTests
{
    private static readonly JsonElement[] Metadata =
        JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "functions.metadata")))!;

    [Fact]
    public void Metadata_Functions_AreThoseOfTheAssembly()
    {
        var declared = DeclaredFunctions().Order(StringComparer.Ordinal).ToList();
        var listed = Metadata.Select(Line).Order(StringComparer.Ordinal).ToList();

        Assert.True(declared.Count > 100, "Reflection found no functions.");
        Lists.AssertNone("In the sources and not in functions.metadata", declared.Except(listed, StringComparer.Ordinal));
        Lists.AssertNone("In functions.metadata and not in the sources", listed.Except(declared, StringComparer.Ordinal));
        Assert.Equal(declared.Count, listed.Count);
    }

    /// <summary>Hosts know these types; the build makes them from the names of the attributes.</summary>
    [Fact]
    public void Metadata_Bindings_AreOfTheTypesThatHostsKnow()
    {
        var types = Metadata.SelectMany(Bindings).Select(binding => Text(binding, "type")).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(
            ["http", "httpTrigger", "queueTrigger", "signalR", "signalRConnectionInfo", "signalRTrigger", "timerTrigger"],
            types.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("signalR", "Out", "hubName=chat connectionStringSetting=AzureSignalRConnectionString")]
    [InlineData("signalRConnectionInfo", "In", "hubName=chat userId={query.u} connectionStringSetting=AzureSignalRConnectionString")]
    [InlineData("signalRTrigger", "In", "hubName=chat")]
    public void Metadata_SignalRBindings_HaveTheirProperties(string type, string direction, string properties)
    {
        var bindings = Metadata.SelectMany(Bindings).Where(binding => Text(binding, "type") == type).ToList();

        Assert.NotEmpty(bindings);
        Assert.All(bindings, binding =>
        {
            Assert.Equal(direction, Text(binding, "direction"));
            Assert.All(properties.Split(' ').Select(p => p.Split('=')), p => Assert.Equal(p[1], Text(binding, p[0])));
        });
    }

    private static IEnumerable<string> DeclaredFunctions() =>
        from type in typeof(Program).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters()
            .SelectMany(p => p.GetCustomAttributes()).Single(a => a.GetType().Name.EndsWith("TriggerAttribute", StringComparison.Ordinal))
        select $"{function.Name} {type.FullName}.{method.Name} {Trigger(trigger)}";

    private static string Trigger(Attribute attribute) => attribute switch
    {
        HttpTriggerAttribute http => $"http {http.AuthLevel} {string.Join(',', http.Methods!)} {http.Route}",
        TimerTriggerAttribute timer => $"timer {timer.Schedule}",
        QueueTriggerAttribute queue => $"queue {queue.QueueName}",
        SignalRTriggerAttribute signalR => $"signalR {signalR.HubName} {signalR.Category} {signalR.Event}",
        _ => attribute.ToString()!,
    };

    private static string Line(JsonElement function)
    {
        var trigger = Bindings(function).Single(b => Text(b, "type").EndsWith("Trigger", StringComparison.Ordinal));
        return $"{Text(function, "name")} {Text(function, "entryPoint")} " + Text(trigger, "type") switch
        {
            "httpTrigger" => $"http {Text(trigger, "authLevel")} "
                + $"{string.Join(',', trigger.GetProperty("methods").EnumerateArray().Select(m => m.GetString()))} "
                + $"{Text(trigger, "route")}",
            "timerTrigger" => $"timer {Text(trigger, "schedule")}",
            "queueTrigger" => $"queue {Text(trigger, "queueName")}",
            "signalRTrigger" => $"signalR {Text(trigger, "hubName")} {Text(trigger, "category")} {Text(trigger, "event")}",
            var other => other,
        };
    }

    private static IEnumerable<JsonElement> Bindings(JsonElement function) => function.GetProperty("bindings").EnumerateArray();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
