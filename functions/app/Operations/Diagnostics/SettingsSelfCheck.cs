using System.Reflection;
using Microsoft.Extensions.Configuration;
using Vox.Platform.SelfChecks;

namespace Vox.Operations.Diagnostics;

/// <summary>
/// Looks for settings that the app does not know. Wrong values keep it from starting; a misspelled name changes nothing, and nobody
/// notices.
/// </summary>
internal sealed class SettingsSelfCheck(IConfiguration configuration) : ISelfCheck
{
    private const string Name = "settings";

    public Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        var unknown = Unknown().Order(StringComparer.Ordinal).ToList();
        return Task.FromResult<IReadOnlyList<Finding>>(
        [
            unknown.Count == 0
                ? new Finding(Name, FindingLevel.Ok, "All are known and within their ranges.")
                : new Finding(
                    Name, FindingLevel.Warning, $"The app does not know {string.Join(", ", unknown)}.",
                    "Correct the names in appSettings of the parameter file: docs/api.md lists all settings."),
        ]);
    }

    private IEnumerable<string> Unknown() =>
        from section in typeof(SettingsSelfCheck).Assembly.GetTypes()
            .Select(type => (Type: type, Name: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue()))
            .Where(found => found.Name is string)
            .GroupBy(found => (string)found.Name!, found => found.Type, StringComparer.OrdinalIgnoreCase)
        let known = section.SelectMany(type => type.GetProperties()).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase)
        from child in configuration.GetSection(section.Key).GetChildren()
        where !known.Contains(child.Key)
        select $"{section.Key.Replace(":", "__", StringComparison.Ordinal)}__{child.Key}";
}
