using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Realtime;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.OpenApi;

namespace Vox.Tests.Docs;

/// <summary>The documentation agrees with the code.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Codes => [.. Errors.All.Select(error => error.Code)];

    public static TheoryData<string> Events =>
        [.. typeof(RealtimeEvents).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    public static TheoryData<string, string> Endpoints
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (method, path) in OpenApiDocument.Build()["paths"]!.AsObject().SelectMany(path =>
                path.Value!.AsObject().Select(operation => (operation.Key, path.Key))))
            {
                data.Add(method.ToUpperInvariant(), path);
            }

            return data;
        }
    }

    public static TheoryData<string> Timers =>
    [
        .. from type in typeof(Program).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           where method.GetCustomAttribute<FunctionAttribute>() is not null
               && method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TimerTriggerAttribute)))
           select method.GetCustomAttribute<FunctionAttribute>()!.Name,
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Error_OfTheCatalogue_IsInTheApiDocumentWithItsStatus(string code)
    {
        var error = Errors.All.Single(e => e.Code == code);

        Assert.Contains($"| `{code}` | {error.Status} |", Repository.Read("docs", "api.md"), StringComparison.Ordinal);
    }

    /// <summary>The pages of <c>/docs/errors/</c> are made of it.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void Error_OfTheCatalogue_HasItsWhyAndWhatToDo(string code) => Assert.Matches(
        $@"(?m)^## {code}\n\n\*\*Why:\*\* .+\n\n\*\*What to do:\*\* .+$", Repository.Read("docs", "errors.md").ReplaceLineEndings("\n"));

    [Theory]
    [MemberData(nameof(Events))]
    public void Event_OfTheLiveChannel_IsInTheRealtimeDocument(string name) =>
        Assert.Contains($"| `{name}` |", Repository.Read("docs", "realtime.md"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void Endpoint_OfTheApp_IsInTheApiDocument(string method, string path) =>
        Assert.Matches($"`{Regex.Escape(method)} {Regex.Escape(path)}[`?]|`{Regex.Escape(path)}`", Repository.Read("docs", "api.md"));

    [Theory]
    [MemberData(nameof(Timers))]
    public void Timer_OfTheApp_IsInTheSettingsDocument(string name) =>
        Assert.Contains($"`{name}`", Repository.Read("docs", "settings.md"), StringComparison.Ordinal);

    [Fact]
    public void RelativeLinks_InMarkdown_LeadSomewhere()
    {
        var broken =
            from file in Repository.MarkdownFiles()
            from Match link in Link().Matches(WithoutCode(File.ReadAllText(file)))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Exists(file, target)
            select $"{Path.GetFileName(file)}: {target}";

        Assert.Empty(broken);
    }

    private static bool Exists(string file, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, parts[0]));
        return parts.Length == 1 || parts[1].Length == 0 || !path.EndsWith(".md", StringComparison.Ordinal)
            ? Path.Exists(path)
            : File.Exists(path)
                && Heading().Matches(WithoutCode(File.ReadAllText(path))).Any(h => Anchor(h.Groups["text"].Value) == parts[1]);
    }

    /// <summary>The anchor that GitHub makes for a heading.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string WithoutCode(string markdown) => Fence().Replace(markdown, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
