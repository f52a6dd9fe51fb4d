namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function returned; middleware may replace it.</summary>
public abstract class InvocationResult : InvocationResult<object>;

/// <inheritdoc cref="InvocationResult"/>
public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}

/// <summary>One property of a multi-output result.</summary>
public abstract class OutputBindingData<T>
{
    /// <summary>Name of the property.</summary>
    public abstract string Name { get; }

    public abstract T? Value { get; set; }

    /// <summary><c>http</c> or <c>signalR</c>.</summary>
    public abstract string BindingType { get; }
}
