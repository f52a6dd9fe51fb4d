using Vox.DevHost.DevTools;
using Vox.Platform.OpenApi;

namespace Vox.Tests.Contracts;

/// <summary>
/// What others hold on to: addresses and shapes of the API, names of settings, keys of rows that are stored already, functions. The files
/// beside this test say how they are, so that a change shows in review. When it is meant, run these tests with <c>VOX_ACCEPT=1</c>.
/// </summary>
public sealed class PublicContractTests
{
    [Fact]
    public void OpenApi_Document_IsAsAccepted() => Check("openapi.json", OpenApiDocument.Json);

    /// <summary>The documentation has a page that is made of it.</summary>
    [Fact]
    public void AsyncApi_Document_IsAsAccepted() => Check("asyncapi.json", Vox.Operations.LiveDocument.AsyncApiDocument.Json);

    [Fact]
    public void Settings_NamesTypesAndDefaults_AreAsAccepted() => Check("settings.txt", Lines(Inventory.Settings()));

    [Fact]
    public void Keys_OfStoredRows_AreAsAccepted() => Check("keys.txt", Lines(Inventory.Keys()));

    [Fact]
    public void Functions_NamesAndTriggers_AreAsAccepted() => Check("functions.txt", Lines(Inventory.Functions()));

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private static void Check(string name, string actual)
    {
        var path = Path.Combine(LocalPaths.Repository, "tests", "Vox.UnitTests", "Contracts", name);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("VOX_ACCEPT") == "1")
        {
            File.WriteAllText(path, actual);
        }

        var accepted = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n') : [];
        var found = actual.Split('\n');
        Lists.AssertNone($"Accepted in {name}, and not there any more", accepted.Except(found, StringComparer.Ordinal));
        Lists.AssertNone($"There, and not accepted in {name}", found.Except(accepted, StringComparer.Ordinal));
        Assert.Equal(accepted, found);
    }
}
