using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Vox.Tests;

public sealed class OptionsTests
{
    private static readonly List<(string Section, PropertyInfo Property)> Options =
    [
        .. from type in typeof(Program).Assembly.GetTypes()
           where type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           from property in type.GetProperties()
           where property.CanWrite
           select (section, property),
    ];

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
                && Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture)
                    < Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture),
                $"{option.Section}__{option.Property.Name} has no range.");
        }
    });
}
