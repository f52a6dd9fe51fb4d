using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Vox.DevHost.DevTools;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Vox.Tests.House;

/// <summary>
/// Which parts may use which: Program → Operations, Portal → Chat → Platform. Folders have no cycles. And what belongs in functions,
/// services and stores.
/// </summary>
public sealed partial class ArchitectureTests
{
    private static readonly Architecture App = new ArchLoader()
        .LoadAssemblies(typeof(Program).Assembly, typeof(Azure.ETag).Assembly, typeof(Azure.Data.Tables.TableEntity).Assembly).Build();

    [Theory]
    [InlineData("Platform", "Chat|Portal|Operations")]
    [InlineData("Chat", "Portal|Operations")]
    [InlineData("Portal", "Operations")]
    [InlineData("Operations", "Portal")]
    public void Wings_UseOnlyWhatLiesBelow(string wing, string forbidden) =>
        Types().That().ResideInNamespaceMatching($@"^Vox\.{wing}(\.|$)")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^Vox\.({forbidden})(\.|$)")).Check(App);

    [Fact]
    public void Wings_DoNotUseProgram() =>
        Types().That().ResideInNamespaceMatching(@"^Vox\.\w+").Should().NotDependOnAny(typeof(Program)).Check(App);

    [Theory]
    [InlineData("Vox.(**)")]
    [InlineData("Vox.Platform.(*)")]
    [InlineData("Vox.Chat.(*)")]
    [InlineData("Vox.Portal.(*)")]
    public void Folders_FormNoCycle(string folders) => SliceRuleDefinition.Slices().Matching(folders).Should().BeFreeOfCycles().Check(App);

    /// <summary>Also when a folder's subfolders count as one with it.</summary>
    [Theory]
    [InlineData("Platform")]
    [InlineData("Chat")]
    [InlineData("Portal")]
    public void Folders_WithTheirSubfolders_FormNoCycle(string wing)
    {
        var uses =
            (from type in App.Types
             where FolderOf(type) is not null
             from target in type.Dependencies.Select(dependency => dependency.Target)
             where FolderOf(target) is not null && FolderOf(target) != FolderOf(type)
             select (From: FolderOf(type)!, To: FolderOf(target)!)).ToHashSet();
        Assert.NotEmpty(uses);

        // What uses nothing that is left is no part of a cycle, and need not be looked at again.
        while (uses.RemoveWhere(use => !uses.Any(next => next.From == use.To)) > 0)
        {
        }

        Lists.AssertNone("Folders in cycles", uses.Select(use => $"{use.From} uses {use.To}"));

        string? FolderOf(IType type) =>
            type.FullName.Split('.') is ["Vox", var found, var folder, _, ..] && found == wing ? folder : null;
    }

    [Fact]
    public void Functions_TakeNoStore() =>
        Classes().That().HaveNameEndingWith("Functions").Should().NotDependOnAny(Classes().That().HaveNameEndingWith("Store")).Check(App);

    [Fact]
    public void AzureSdk_IsUsedByStoresAndRowsOnly() =>
        Types().That().ResideInNamespaceMatching(@"^Vox\.(Chat|Portal|Operations)\.")
            .And().DoNotHaveNameMatching("(Store|Rows|Blobs)$")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Azure(\.|$)").Check(App);

    [Fact]
    public void Services_KnowNothingOfHttp() =>
        Classes().That().HaveNameEndingWith("Service").Or().HaveNameEndingWith("Store")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Microsoft\.AspNetCore\.").Check(App);

    /// <summary>The compiled code does not show the use of a constant, or of a name that only a comment needs. The sources do.</summary>
    [Fact]
    public void Usings_PointDown()
    {
        string[] wings = ["Platform", "Chat", "Portal", "Operations"];
        var app = Path.Combine(LocalPaths.Repository, "functions", "app");
        var up =
            from wing in wings
            from file in Directory.EnumerateFiles(Path.Combine(app, wing), "*.cs", SearchOption.AllDirectories)
            from Match named in Using().Matches(File.ReadAllText(file))
            let other = named.Groups["wing"].Value
            where other != wing
                && (Array.IndexOf(wings, other) >= Array.IndexOf(wings, wing) || (wing == "Operations" && other == "Portal"))
            select $"{Path.GetRelativePath(app, file)} uses {other}";

        Lists.AssertNone("Usings that point up or beside", up);
    }

    [GeneratedRegex(@"^using (static )?Vox\.(?<wing>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Using();
}
