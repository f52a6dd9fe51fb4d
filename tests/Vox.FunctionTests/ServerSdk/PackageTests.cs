using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using Vox.Server;

namespace Vox.Tests.ServerSdk;

/// <summary>The packages of both SDKs, as customers get them: packed, looked into, used from a project outside of the repository.</summary>
public sealed class PackageTests
{
    private static string Build => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Both SDKs and all packages have one version.</summary>
    private static string Version { get; } = XDocument.Load(Path.Combine(SdkProgram.Folder, "dotnet/Package.props"))
        .Descendants("Version").Single().Value;

    [Fact]
    public async Task DotNet_Packed_HasWhatItNeedsAndIsUsedFromANewProject()
    {
        var folder = Directory.CreateTempSubdirectory("vox-pack-").FullName;
        try
        {
            var packages = Path.Combine(folder, "packages");
            foreach (var name in (string[])["Vox.Server", "Vox.Server.AspNetCore"])
            {
                // Not built anew: other tests use what is built.
                await RunAsync(folder, "pack", Path.Combine(SdkProgram.Folder, "dotnet", name), "--no-build", "-c", Build, "-o", packages);
                LookInto(packages, name);
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
                <configuration><packageSources><add key="packed" value="{packages}" /></packageSources></configuration>
                """);
            await File.WriteAllTextAsync(Path.Combine(folder, "Shop.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk.Web">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <RestoreFallbackFolders>{CacheFolder}</RestoreFallbackFolders>
                  </PropertyGroup>
                  <ItemGroup><PackageReference Include="Vox.Server.AspNetCore" Version="{Version}" /></ItemGroup>
                </Project>
                """);
            await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), """
                using Vox.Server;
                using Vox.Server.AspNetCore;

                var builder = WebApplication.CreateBuilder(args);
                builder.Services.AddVox(options => (options.Address, options.ApiKey) = (new Uri("https://chat.example.com"), "vox_sk_x"));
                var app = builder.Build();
                app.MapVoxWebhook("/webhooks/vox", (message, _) => Task.CompletedTask);
                Console.WriteLine(app.Services.GetRequiredService<VoxClient>().Webhooks.GetType().FullName);
                """);
            // A cache of its own: the same version must not be taken from an earlier run.
            await RunAsync(folder, "build", folder, "--nologo", "-v", "q", "-o", Path.Combine(folder, "out"));

            Assert.Equal("Vox.Server.VoxEndpoints", (await RunAsync(folder, Path.Combine(folder, "out", "Shop.dll"))).Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Npm_Packed_HasWhatItNeedsAndIsUsedFromANewProject()
    {
        var folder = Directory.CreateTempSubdirectory("vox-npm-").FullName;
        try
        {
            // Packing builds anew, so it is done with a copy: other tests use what is built.
            var source = Path.Combine(SdkProgram.Folder, "node");
            var copy = Directory.CreateDirectory(Path.Combine(folder, "node")).FullName;
            File.Copy(Path.Combine(SdkProgram.Folder, "LICENSE"), Path.Combine(folder, "LICENSE"));
            foreach (var name in (string[])["package.json", "README.md", "tsconfig.json"])
            {
                File.Copy(Path.Combine(source, name), Path.Combine(copy, name));
            }

            Directory.CreateDirectory(Path.Combine(copy, "src"));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(source, "src")))
            {
                File.Copy(file, Path.Combine(copy, "src", Path.GetFileName(file)));
            }

            Directory.CreateSymbolicLink(Path.Combine(copy, "node_modules"), Path.Combine(source, "node_modules"));
            using (var pack = SdkProgram.Start("npm", copy, ["pack", "--silent", "--pack-destination", folder]))
            {
                await pack.EndAsync();
            }

            var shop = Directory.CreateDirectory(Path.Combine(folder, "shop")).FullName;
            await File.WriteAllTextAsync(Path.Combine(shop, "package.json"), """{"type":"module","private":true}""");
            var archive = Path.Combine(folder, $"voxfunctions-server-{Version}.tgz");
            using (var install = SdkProgram.Start("npm", shop, ["install", "--silent", "--offline", "--no-audit", archive]))
            {
                await install.EndAsync();
            }

            var installed = Path.Combine(shop, "node_modules/@voxfunctions/server");
            Assert.All(
                (string[])["README.md", "LICENSE", "dist/index.js", "dist/index.d.ts"],
                name => Assert.True(File.Exists(Path.Combine(installed, name)), name));
            var manifest = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(installed, "package.json")));
            Assert.Equal((Version, "MIT"), (manifest.GetProperty("version").GetString(), manifest.GetProperty("license").GetString()));
            Assert.False(Directory.Exists(Path.Combine(installed, "src")));
            using var use = SdkProgram.Start(
                "node", shop, [
                    "--input-type=module", "-e",
                    "import { VoxClient } from '@voxfunctions/server';"
                    + "console.log(Object.keys(new VoxClient({ address: 'https://chat.example.com', apiKey: 'vox_sk_x' })).join());",
                ]);

            Assert.Contains("messages,groups,moderation,flags,words,search,webhooks", await use.EndAsync(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string CacheFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } cache
        ? cache
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static void LookInto(string packages, string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(packages, $"{name}.{Version}.nupkg"));
        var files = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.All(
            (string[])["README.md", "LICENSE", $"lib/net8.0/{name}.dll", $"lib/net8.0/{name}.xml"], file => Assert.Contains(file, files));
        var metadata = XDocument.Load(package.GetEntry(name + ".nuspec")!.Open()).Root!.Elements().Single();
        string? Of(string element) => metadata.Elements().SingleOrDefault(one => one.Name.LocalName == element)?.Value;
        Assert.Equal((name, Version, "README.md", "LICENSE"), (Of("id"), Of("version"), Of("readme"), Of("license")));
        Assert.False(string.IsNullOrWhiteSpace(Of("description")));
        var documented = new StreamReader(package.GetEntry($"lib/net8.0/{name}.xml")!.Open()).ReadToEnd();
        if (name == "Vox.Server")
        {
            Assert.Contains($"M:{typeof(VoxMessages).FullName}.{nameof(VoxMessages.EditAsync)}", documented, StringComparison.Ordinal);
        }
        else
        {
            var needed = metadata.Descendants().Single(one => one.Attribute("id")?.Value == "Vox.Server");
            Assert.Equal(Version, needed.Attribute("version")!.Value);
        }

        using var symbols = ZipFile.OpenRead(Path.Combine(packages, $"{name}.{Version}.snupkg"));
        Assert.Contains($"lib/net8.0/{name}.pdb", symbols.Entries.Select(entry => entry.FullName));
    }

    private static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        using var program = SdkProgram.Start(
            "dotnet", "dotnet", arguments, ("NUGET_PACKAGES", Path.Combine(folder, "cache")), ("DOTNET_NOLOGO", "true"));
        return await program.EndAsync();
    }
}
