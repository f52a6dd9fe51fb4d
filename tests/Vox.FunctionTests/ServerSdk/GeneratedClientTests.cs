using Vox.Tests.Fixture;

namespace Vox.Tests.ServerSdk;

/// <summary>Customers make clients of the OpenAPI document: what generators make of it compiles, and has the right types.</summary>
public sealed class GeneratedClientTests(Backends backends)
{
    /// <summary>Compiles only if numbers are numbers, what must be there is not optional, and paths have their parameters.</summary>
    private const string Use = """
        import type { components, paths } from "./api.js";

        type Post<P extends keyof paths> = paths[P] extends { post: infer O } ? O : never;
        type Body<O> = O extends { requestBody?: { content: { "application/json": infer B } } } ? B : never;
        type Answer<O> = O extends { responses: { 200: { content: { "application/json": infer A } } } } ? A : never;

        type Send = Post<"/api/server/v1/messages">;
        export const message: Body<Send> = { from: "shop", to: "alice", data: "Hello", type: 1 };
        export const sequence = (sent: Answer<Send>): number => sent.sequence;
        export const members = (group: components["schemas"]["ServerGroup"]): number => group.memberCount;
        export const one: paths["/api/server/v1/users/{userId}"]["get"]["parameters"]["path"] = { userId: "alice" };
        // @ts-expect-error A number is no text.
        export const wrong: string = ({} as Answer<Send>).sequence;
        """;

    [Fact]
    public async Task TypeScript_OpenApiTypescript_CompilesAndHasTypes()
    {
        var node = Path.GetFullPath(Path.Combine(SdkProgram.Folder, "../../tests/Vox.FunctionTests/node"));
        var folder = Directory.CreateDirectory(Path.Combine(node, "obj", "client-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            var document = Path.Combine(folder, "openapi.json");
            await File.WriteAllTextAsync(document, await backends.App.Http.GetStringAsync("/api/openapi.json"));
            await File.WriteAllTextAsync(Path.Combine(folder, "use.ts"), Use);
            using (var generator = SdkProgram.Start(
                "node", "node", [
                    Path.Combine(node, "node_modules/openapi-typescript/bin/cli.js"), document,
                    "--default-non-nullable=false", "--output", Path.Combine(folder, "api.d.ts"),
                ]))
            {
                await generator.EndAsync();
            }

            using var compiler = SdkProgram.Start(
                "node", "node", [
                    Path.Combine(node, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--module", "nodenext",
                    "--target", "es2022",
                    Path.Combine(folder, "use.ts"),
                ]);
            await compiler.EndAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task CSharp_Kiota_Compiles()
    {
        var folder = Directory.CreateTempSubdirectory("vox-kiota-").FullName;
        try
        {
            var document = Path.Combine(folder, "openapi.json");
            await File.WriteAllTextAsync(document, await backends.App.Http.GetStringAsync("/api/openapi.json"));
            await File.WriteAllTextAsync(Path.Combine(folder, "Client.csproj"), """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <ImplicitUsings>enable</ImplicitUsings>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Microsoft.Kiota.Abstractions" Version="2.1.6" />
                    <PackageReference Include="Microsoft.Kiota.Serialization.Form" Version="2.1.6" />
                    <PackageReference Include="Microsoft.Kiota.Serialization.Json" Version="2.1.6" />
                    <PackageReference Include="Microsoft.Kiota.Serialization.Multipart" Version="2.1.6" />
                    <PackageReference Include="Microsoft.Kiota.Serialization.Text" Version="2.1.6" />
                  </ItemGroup>
                </Project>
                """);
            await File.WriteAllTextAsync(Path.Combine(folder, "Use.cs"), """
                public static class Use
                {
                    public static async Task<int?> MembersAsync(Vox.Generated.VoxApi api) =>
                        (await api.Api.Server.V1.Groups["team-42"].GetAsync())!.MemberCount;
                }
                """);
            await RunAsync(["tool", "restore"]);
            await RunAsync([
                "kiota", "generate", "--language", "CSharp", "--openapi", document, "--class-name", "VoxApi",
                "--namespace-name", "Vox.Generated",
                "--output", Path.Combine(folder, "Generated"), "--include-path", "/api/server/v1/**", "--log-level", "Error",
            ]);
            await RunAsync(["build", Path.Combine(folder, "Client.csproj"), "--nologo", "-v", "q"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static async Task RunAsync(string[] arguments)
        {
            using var program = SdkProgram.Start("dotnet", "dotnet", arguments, ("KIOTA_OFFLINE_ENABLED", "true"));
            await program.EndAsync();
        }
    }
}
