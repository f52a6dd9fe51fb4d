using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Vox.Operations.Diagnostics;

/// <summary>Checks all settings before anything starts, and says what is wrong in one sentence each.</summary>
internal static partial class SettingsProblems
{
    /// <returns>Empty when the app can start.</returns>
    public static IReadOnlyList<string> Find(IHost host)
    {
        try
        {
            host.Services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (Exception e)
        {
            var configuration = host.Services.GetRequiredService<IConfiguration>();
            var sentences = Sentences(e, configuration).Concat(OneByOne(host.Services, configuration)).Distinct(StringComparer.Ordinal)
                .ToList();
            if (sentences.Count == 0)
            {
                throw;
            }

            return sentences;
        }
    }

    /// <summary>A value that cannot be converted ends the common check, so each class of options is also checked alone.</summary>
    private static IEnumerable<string> OneByOne(IServiceProvider services, IConfiguration configuration)
    {
        foreach (var type in typeof(SettingsProblems).Assembly.GetTypes()
            .Where(t => t.GetField("Section", BindingFlags.Public | BindingFlags.Static) is not null))
        {
            Exception? problem = null;
            try
            {
                var options = typeof(IOptions<>).MakeGenericType(type);
                _ = options.GetProperty("Value")!.GetValue(services.GetRequiredService(options));
            }
            catch (TargetInvocationException e)
            {
                problem = e.InnerException;
            }

            foreach (var sentence in problem is null ? [] : Sentences(problem, configuration))
            {
                yield return sentence;
            }
        }
    }

    private static IEnumerable<string> Sentences(Exception exception, IConfiguration configuration) => exception switch
    {
        AggregateException several => several.InnerExceptions.SelectMany(e => Sentences(e, configuration)),
        OptionsValidationException e => e.Failures.Select(failure => Sentence(failure, e.OptionsType, configuration)),
        InvalidOperationException e when NotConverted().Match(e.Message) is { Success: true } match =>
            [$"{Name(match.Groups["path"].Value)} is '{match.Groups["value"].Value}', which is not {Kind(match.Groups["type"].Value)}."],
        _ => [],
    };

    private static string Sentence(string failure, Type options, IConfiguration configuration)
    {
        if (Annotation().Match(failure) is not { Success: true } match)
        {
            return failure;
        }

        var member = match.Groups["member"].Value;
        var section = options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
            ?? options.Name;
        var rule = match.Groups["rule"].Value.Replace($"The field {member} ", "", StringComparison.Ordinal).TrimEnd('.');

        // Only values such as numbers are shown: a text may be a secret.
        var value = options.GetProperty(member)?.PropertyType.IsValueType is true ? configuration[$"{section}:{member}"] : null;
        return $"{Name($"{section}:{member}")} {rule}{(value is null ? "" : $", and is {value}")}.";
    }

    private static string Name(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    private static string Kind(string type) => type switch
    {
        "System.Boolean" => "true or false",
        "System.Uri" => "an address",
        _ => "a number",
    };

    [GeneratedRegex("^DataAnnotation validation failed for '[^']*' members: '(?<member>[^']*)' with the error: '(?<rule>.*)'\\.$",
        RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Annotation();

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<path>.*)' to type '(?<type>.*)'\\.$",
        RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex NotConverted();
}
