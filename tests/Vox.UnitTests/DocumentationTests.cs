using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Vox.Http;

namespace Vox.Tests;

/// <summary>What integrators and operators must know is written down: whoever adds an error or an option learns it here.</summary>
public sealed class DocumentationTests
{
    private static readonly List<(string Section, PropertyInfo Property)> Options =
    [
        .. from type in typeof(Program).Assembly.GetExportedTypes()
           where type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           from property in type.GetProperties()
           where property.CanWrite
           select (section, property),
    ];

    [Fact]
    public void Errors_EachCode_IsInTheApiDocument()
    {
        var api = Repository.Read("docs", "api.md");

        Lists.AssertNone("Not in docs/api.md", Errors.All.Select(e => e.Code).Where(code => !api.Contains($"`{code}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Options_Each_IsInTheApiOrTheOperationsDocument()
    {
        var documents = Repository.Read("docs", "api.md") + Repository.Read("docs", "operations.md");

        Assert.NotEmpty(Options);
        Lists.AssertNone("Not in docs/api.md or docs/operations.md", Options.Select(o => $"{o.Section}__{o.Property.Name}").Where(name =>
            !documents.Contains($"`{name}`", StringComparison.Ordinal)
            && !documents.Contains($"`{name.Replace("__", ":", StringComparison.Ordinal)}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Options_Each_IsInTheSampleSettings()
    {
        var values = JsonSerializer.Deserialize<JsonElement>(Repository.Read("local.settings.sample.json")).GetProperty("Values");
        var names = values.EnumerateObject().Select(v => v.Name.Replace(":", "__", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Lists.AssertNone("Not in local.settings.sample.json", Options.Select(o => $"{o.Section}__{o.Property.Name}").Where(name => !names.Contains(name)));
    }

    [Fact]
    public void SampleSettings_OfEachSection_NameNoOptionThatDoesNotExist()
    {
        var values = JsonSerializer.Deserialize<JsonElement>(Repository.Read("local.settings.sample.json")).GetProperty("Values");
        var sections = Options.Select(o => o.Section).ToHashSet(StringComparer.Ordinal);
        var known = Options.Select(o => $"{o.Section}__{o.Property.Name}").ToHashSet(StringComparer.Ordinal);

        Lists.AssertNone("No such options", values.EnumerateObject().Select(v => v.Name).Where(name => sections.Contains(name.Split("__")[0]) && !known.Contains(name)));
    }

    /// <summary>A default outside its own range would stop the app at its start.</summary>
    [Fact]
    public void Options_Defaults_AreValidAndNumbersHaveARange() => Assert.All(Options, option =>
    {
        var defaults = Activator.CreateInstance(option.Property.DeclaringType!)!;
        Validator.ValidateObject(defaults, new ValidationContext(defaults), validateAllProperties: true);
        var type = Nullable.GetUnderlyingType(option.Property.PropertyType) ?? option.Property.PropertyType;
        if (type == typeof(int) || type == typeof(long) || type == typeof(double))
        {
            Assert.True(
                option.Property.GetCustomAttribute<RangeAttribute>() is { } range
                && Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture) < Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture),
                $"{option.Section}__{option.Property.Name} has no range.");
        }
    });
}
