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

    /// <summary>Compiles only if the types of the SDK for Node have all fields of the server API.</summary>
    private const string Fields = """
        import type { components } from "./api.js";
        import type * as sdk from "SDK";

        type S = components["schemas"];
        type Missing<A, B> = Exclude<keyof A, keyof B>;
        type None<T extends never> = T;
        type Message = S["ServerMessagePage"]["messages"][number];
        type Conversation = S["ServerConversationPage"]["conversations"][number];
        type OnlyLive = "tip" | "epoch";
        export type Checks = [
          None<Missing<S["ServerUser"], sdk.User>>, None<Missing<S["PatchUserRequest"], sdk.UserChange>>,
          None<Missing<S["UpsertUsersResponse"], sdk.UpsertedUsers>>,
          None<Missing<S["ServerPresenceList"]["users"][number], sdk.UserPresence>>,
          None<Missing<S["ServerSessionList"]["sessions"][number], sdk.UserSession>>,
          None<Missing<S["ServerDeviceList"]["devices"][number], sdk.Device>>,
          None<Missing<S["MintTokenRequest"], sdk.TokenOptions>>, None<Missing<S["MintedToken"], sdk.LoginToken>>,
          None<Missing<S["ServerSendRequest"], sdk.MessageDraft>>,
          None<Exclude<Missing<S["SendMessageResponse"], sdk.SentMessage>, OnlyLive>>,
          None<Exclude<Missing<Message, sdk.Message>, OnlyLive>>, None<Missing<S["ServerMessageChange"], sdk.ChangedMessage>>,
          None<Missing<Conversation, sdk.Conversation>>, None<Missing<Conversation["own"], sdk.Marks>>,
          None<Missing<NonNullable<Conversation["settings"]>, sdk.ConversationSettings>>,
          None<Missing<S["ServerGroup"], sdk.Group>>, None<Missing<S["CreateServerGroupRequest"], sdk.GroupDraft>>,
          None<Missing<S["PatchServerGroupRequest"], sdk.GroupChange>>,
          None<Missing<S["ServerGroupMemberPage"]["members"][number], sdk.GroupMember>>,
          None<Missing<S["ServerMembersChanged"], sdk.MembersChanged>>,
          None<Missing<S["ModeratedUser"], sdk.ModeratedUser>>, None<Missing<S["ModerateRequest"], sdk.Moderate & { userId: string }>>,
          None<Missing<S["WebhookView"], sdk.WebhookEndpoint>>, None<Missing<S["WebhookRequest"], sdk.WebhookChange>>,
          None<Missing<S["RotateWebhookRequest"], sdk.RotateOptions>>, None<Missing<S["WebhookDelivery"], sdk.WebhookDelivery>>,
          None<Missing<S["WebhookDelivery"]["attempts"][number], sdk.WebhookDelivery["attempts"][number]>>,
          None<Missing<S["BeforeSendView"], sdk.BeforeSendHook>>, None<Missing<S["BeforeSendRequest"], sdk.BeforeSendDraft>>,
          None<Missing<S["ApiRequestPage"]["requests"][number], sdk.ApiRequest>>,
          None<Missing<S["ExportView"], sdk.Export>>, None<Missing<S["ExportLink"], sdk.ExportLink>>,
          None<Missing<S["ErasureView"], sdk.Erasure>>,
        ];
        // @ts-expect-error A field that is missing is seen.
        export type Wrong = None<Missing<S["ServerUser"], { id: string }>>;
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
            var sdk = Path.GetRelativePath(folder, Path.Combine(SdkProgram.Folder, "node/dist/index.js")).Replace('\\', '/');
            await File.WriteAllTextAsync(Path.Combine(folder, "fields.ts"), Fields.Replace("SDK", sdk, StringComparison.Ordinal));
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
                    "--target", "es2022", "--skipLibCheck",
                    Path.Combine(folder, "use.ts"), Path.Combine(folder, "fields.ts"),
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
