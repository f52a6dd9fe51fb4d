using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Hostile;

/// <summary>Messages of a client over an open connection, and events that the service passes on. They are almost right, or wrong.</summary>
public sealed class HubFuzzTests(Backends backends)
{
    private const byte End = 0x1e;

    [Fact]
    [Promise("VOX-H1")]
    public async Task Hub_MutatedMessages_ConnectionsEndOrGoOnAndEverybodyElseIsServed()
    {
        var random = TestRun.Random();
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await using var listening = await bob.ConnectAsync();
        await using var typing = await alice.ConnectAsync();
        var connections = TestRun.IsLong ? 2_000 : 40;
        for (var n = 0; n < connections; n++)
        {
            using var socket = await OpenAsync(alice);
            for (var frame = 0; frame < 12 && socket.State == WebSocketState.Open; frame++)
            {
                try
                {
                    using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                    await socket.SendAsync(
                        frame == 0 && !random.OneIn(6) ? [.. "{\"protocol\":\"json\",\"version\":1}"u8, End] : Frame(random),
                        random.OneIn(8) ? WebSocketMessageType.Binary : WebSocketMessageType.Text, !random.OneIn(10), limit.Token);
                }
                catch (Exception e) when (e is WebSocketException or IOException or InvalidOperationException)
                {
                    break;
                }
            }

            socket.Abort();
        }

        await typing.Connection.SendCoreAsync("typing", [new { to = "bob" }]);
        var heard = await listening.NextAsync("typing", e => e.GetProperty("from").GetString() == "alice");
        Assert.Equal("bob", heard.GetProperty("to").GetString());
        await alice.SendMessageAsync("bob", "after all that");
        Assert.Equal("after all that", (await listening.NextMessageAsync()).GetProperty("data").GetString());
    }

    [Fact]
    [Promise("VOX-H1")]
    public async Task Upstream_SignedEventsWithMutatedContent_AreNever500()
    {
        var random = TestRun.Random();
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        for (var n = 0; n < (TestRun.IsLong ? 20_000 : 300); n++)
        {
            var connection = Text(random, $"c{n}");
            var request = new RawRequest { Method = "POST", Target = "/runtime/webhooks/signalr?code=local-signalr-key" };
            request.Headers.AddRange([
                ("Host", "localhost"), ("Content-Type", random.OneIn(8) ? "text/plain" : "application/json"),
                ("X-ASRS-Connection-Id", connection),
                ("X-ASRS-Hub", Text(random, RealtimeOptions.Hub)),
                ("X-ASRS-Category", Text(random, random.Of(["connections", "messages"]))),
                ("X-ASRS-Event", Text(random, random.Of(["connected", "disconnected", "typing"]))),
                ("X-ASRS-User-Id", Text(random, alice.RealtimeUser)),
                ("X-ASRS-User-Claims", Text(random, "iat: 1795453377, nbf: x")), ("X-ASRS-Client-Query", Text(random, "?hub=chat")),
                ("X-ASRS-Signature", Sign(connection))]);
            request.Body = random.OneIn(3)
                ? Frame(random)
                : Encoding.UTF8.GetBytes($$"""{"type":{{random.Of([1, 10, 11])}},"target":"typing","arguments":[{"to":"bob"}]}""");

            var answer = await RawAnswer.OfAsync(backends.App.Address, Encoding.Latin1.GetBytes(request.ToText()));

            Assert.True(
                answer.Status is 200 or 204 or 400 or 401 or 403 or 404 or 415 or 431,
                $"{n}: {answer.Status} for\n{request.ToText()}\nVOX_SEED={TestRun.Seed}");
        }
    }

    private static string Text(DeterministicRandom random, string usual) =>
        random.OneIn(8)
            ? Mutations.Wire(random.Of(Mutations.Texts)).ReplaceLineEndings("").Replace("\0", "", StringComparison.Ordinal).Trim()
            : usual;

    private static string Sign(string connection) => "sha256=" + Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(SignalREmulatorOptions.DevelopmentKey), Encoding.Latin1.GetBytes(connection)));

    private static byte[] Frame(DeterministicRandom random)
    {
        JsonNode message = new JsonObject
        {
            ["type"] = random.Of([1, 1, 1, 4, 5, 6, 7, 0, -1, 99]),
            ["invocationId"] = random.OneIn(2) ? $"{random.Next(0, 9)}" : null,
            ["target"] = "typing",
            ["arguments"] = new JsonArray(new JsonObject { ["to"] = "bob" }),
        };
        for (var n = random.Next(0, 3); n > 0; n--)
        {
            Mutations.Apply(message, random);
        }

        byte[] bytes = [.. Encoding.UTF8.GetBytes(message.ToJsonString()), End];
        return random.Next(0, 8) switch
        {
            0 => bytes[..random.Next(0, bytes.Length)],
            1 => [.. bytes, .. bytes, .. bytes],
            2 => [End, End, .. bytes],
            3 => Encoding.UTF8.GetBytes(new string('[', 100_000)),
            4 => [0x81, 0xff, 0xff, 0xff, 0xff, 0x0f, .. bytes],
            _ => bytes,
        };
    }

    private static async Task<ClientWebSocket> OpenAsync(TestSession session)
    {
        var negotiated = await session.PostJsonAsync($"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(session.RealtimeUser)}", new { });
        var address = new UriBuilder(negotiated.GetProperty("url").GetString()!) { Scheme = "ws" };
        address.Query += "&access_token=" + negotiated.GetProperty("accessToken").GetString();
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(address.Uri, CancellationToken.None);
        return socket;
    }
}
