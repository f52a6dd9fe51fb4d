using System.Collections;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Local.Hosting;

internal sealed class ReturnedValue : InvocationResult
{
    public override object? Value { get; set; }
}

/// <summary>A property of a multi-output result that is not null.</summary>
internal sealed class Output(OutputProperty property, object value)
{
    public OutputProperty Property => property;

    public object? Value { get; set; } = value;
}

/// <summary>An output as middleware sees it.</summary>
internal sealed class OutputView<T>(Output output) : OutputBindingData<T>
{
    public override string Name => output.Property.Name;

    public override string BindingType => output.Property.BindingType;

    public override T? Value
    {
        get => (T?)output.Value;
        set => output.Value = value;
    }
}

internal sealed class InvocationFeatures : IInvocationFeatures
{
    private readonly Dictionary<Type, object> _features = [];

    public void Set<T>(T instance) => _features[typeof(T)] = instance!;

    public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
