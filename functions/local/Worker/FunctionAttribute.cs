namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a public method a function and names it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
