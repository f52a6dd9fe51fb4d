using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Vox.Tests.Docs;

/// <summary>Every setting is in local.settings.sample.json and in the documentation, with its default and its range.</summary>
public sealed class SettingsTests
{
    /// <summary>Settings of the platform, which no options class has.</summary>
    private static readonly string[] Platform =
        ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "AzureSignalRConnectionString", "WebhookQueue", "PushQueue"];

    private static readonly Dictionary<string, Setting> Settings = FindSettings().ToDictionary(s => s.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Settings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Setting_InTheSample_HasItsDefault(string name)
    {
        var sample = Sample();

        Assert.True(sample.ContainsKey(name), $"{name} is missing in local.settings.sample.json.");
        Assert.Equal(Settings[name].Default, sample[name]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Setting_InTheDocumentation_HasItsDefaultAndRange(string name)
    {
        var setting = Settings[name];
        var row = DocumentedRows().FirstOrDefault(cells => cells[0] == $"`{name}`");

        Assert.True(
            row is { Length: >= 4 }, $"{name} has no row in docs/api.md or docs/settings.md: | `{name}` | default | range | meaning |");
        Assert.Equal(setting.Default.Length > 0 ? setting.Default : "none", Plain(row[1]));
        Assert.Equal(setting.Range, Plain(row[2]));
        Assert.NotEmpty(row[3]);
    }

    [Fact]
    public void Sample_NamesNothingUnknown()
    {
        Assert.Empty(Sample().Keys.Except([.. Settings.Keys, .. Platform], StringComparer.Ordinal));
        Assert.Empty(Platform.Except(Sample().Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Sample_IsForThisWorkerAndNotEncrypted()
    {
        using var json = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));

        Assert.False(json.RootElement.GetProperty("IsEncrypted").GetBoolean());
        Assert.Equal("dotnet-isolated", Sample()["FUNCTIONS_WORKER_RUNTIME"]);
    }

    private static IEnumerable<Setting> FindSettings() =>
        from type in typeof(Program).Assembly.GetTypes()
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)
        where section is { IsLiteral: true } && type is { IsAbstract: false }
        let defaults = Activator.CreateInstance(type)
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite
        select new Setting(
            $"{section.GetRawConstantValue()}__{property.Name}",
            Text(property.GetValue(defaults)),
            property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Text(range.Minimum)}–{Text(range.Maximum)}" : "");

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static Dictionary<string, string> Sample()
    {
        using var json = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));
        return json.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.GetString()!, StringComparer.Ordinal);
    }

    private static IEnumerable<string[]> DocumentedRows() =>
        from file in new[] { "api.md", "settings.md" }
        from line in Repository.Read("docs", file).Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        select line.Trim()[1..^1].Split('|', StringSplitOptions.TrimEntries);

    private static string Plain(string cell) => cell.Trim('`').Replace(",", "", StringComparison.Ordinal);

    private sealed record Setting(string Name, string Default, string Range);
}
