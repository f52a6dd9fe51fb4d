using Xunit.v3;

namespace Vox.Tests.Fixture;

/// <summary>This test shows these promises of docs/reliability.md. <c>--filter-trait "Promise=VOX-M1"</c> runs the tests of one.</summary>
/// <remarks>A list at the end of that page is written from these attributes, see PromiseTests.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromiseAttribute(params string[] ids) : Attribute, ITraitAttribute
{
    public IReadOnlyList<string> Ids => ids;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. ids.Select(id => KeyValuePair.Create("Promise", id))];
}
