using System.Text;
using System.Text.Json.Nodes;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Hostile;

/// <summary>
/// Texts that would become a header, a filter or another key if the app only concatenated them. They are tried in every place that takes a
/// text.
/// </summary>
public sealed class InjectionTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static readonly string[] Texts =
    [
        "x\r\nX-Injected: yes", "x\nSet-Cookie: a=b", "x\u2028X-Injected: yes", "' or 1 eq 1 or 'a' eq '", "x' or PartitionKey ne '",
        "' or PartitionKey ge '' or RowKey eq '",
        "x') or (RowKey ne '", "''''", "|", "a|b", "~7c", "%7C", "..", "../x", "\\", "#", "?", "/", "m|1", "u|ann", "x\0y",
    ];

    [Fact]
    [Promise("VOX-H3")]
    public async Task EveryPlaceOfEveryEndpoint_HeadersFiltersAndKeysInside_AreTextsAndNothingElse()
    {
        var random = TestRun.Random();
        using var victim = new FuzzWorld(portal.App, portal);
        await victim.RenewAsync();
        using var caller = new FuzzWorld(portal.App, portal);
        await caller.RenewAsync();
        var requests = 0;
        foreach (var endpoint in Endpoint.All)
        {
            foreach (var (place, make) in Places(endpoint, caller))
            {
                foreach (var text in TestRun.IsLong ? Texts : [random.Of(Texts)])
                {
                    var answer = await RawAnswer.OfAsync(portal.App.Address, Encoding.Latin1.GetBytes(make(text)));
                    var what = $"{endpoint}, {place} = {text}: "
                        + $"{answer.Status} {answer.Text[..Math.Min(answer.Text.Length, 1_000)]}\nVOX_SEED={TestRun.Seed}";
                    Assert.True(answer.Status is >= 200 and < 500 || IsAllowed(endpoint, answer), what);
                    Assert.False(
                        answer.Head.Contains("\nX-Injected", StringComparison.OrdinalIgnoreCase)
                            || answer.Head.Contains("\nSet-Cookie: a=b", StringComparison.OrdinalIgnoreCase), what);
                    Assert.True(
                        victim.Secrets.Except(caller.Secrets).All(secret => !answer.Text.Contains(secret, StringComparison.Ordinal)), what);
                    if (++requests % 100 == 0 && !await caller.IsWholeAsync())
                    {
                        await caller.RenewAsync();
                    }
                }
            }
        }

        Assert.True(await victim.IsWholeAsync());
        TestRun.Note($"{requests} requests");
    }

    /// <summary>Each parameter of the path and of the query, each field, and the headers that are returned or stored.</summary>
    private static IEnumerable<(string Place, Func<string, string> Make)> Places(Endpoint endpoint, FuzzWorld world)
    {
        var pattern = endpoint.Route.Split('/');
        for (var i = 0; i < pattern.Length; i++)
        {
            var part = i;
            if (pattern[part].StartsWith('{'))
            {
                yield return ($"path {pattern[part]}", text => Make((request, _) =>
                {
                    var target = request.Target.Split('?', 2);
                    var parts = target[0].Split('/');
                    parts[part] = Uri.EscapeDataString(text);
                    request.Target = string.Join('/', parts) + (target.Length > 1 ? "?" + target[1] : "");
                }));
            }
        }

        foreach (var name in endpoint.Query)
        {
            yield return ($"query {name}", text => Make((request, _) =>
            {
                var target = request.Target.Split('?', 2);
                var pairs = target[1].Split('&').Select(
                    pair => pair.StartsWith(name + "=", StringComparison.Ordinal) ? $"{name}={Uri.EscapeDataString(text)}" : pair);
                request.Target = target[0] + "?" + string.Join('&', pairs);
            }));
        }

        var (_, sample) = world.Good(endpoint, new DeterministicRandom(5), complete: true);
        foreach (var field in sample is JsonObject fields
            ? fields.Where(field => field.Value is JsonValue).Select(field => field.Key).ToList()
            : [])
        {
            yield return ($"field {field}", text => Make((_, body) => body!.AsObject()[field] = text));
        }

        foreach (var header in (string[])["Origin", "Idempotency-Key", "X-Client-Id"])
        {
            // A line break would end the header. That would be a different request, not a text in this one.
            yield return ($"header {header}", text => Make((request, _) => request.Headers.Add((
                header, Mutations.Wire(text).Replace("\r", "%0d", StringComparison.Ordinal).Replace("\n", "%0a", StringComparison.Ordinal)
                    .Replace("\0", "%00", StringComparison.Ordinal)))));
        }

        string Make(Action<RawRequest, JsonNode?> change)
        {
            var (request, body) = world.Good(endpoint, new DeterministicRandom(5), complete: true);
            change(request, body);
            request.Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString());
            return request.ToText();
        }
    }

    /// <summary>The platform's own answer when negotiate lacks its user (docs/api.md), and e-mail that cannot be sent.</summary>
    private static bool IsAllowed(Endpoint endpoint, RawAnswer answer) =>
        endpoint.Route.EndsWith("realtime/negotiate", StringComparison.Ordinal)
        || (answer is { Status: 503 } && answer.Body.Contains("\"mail_unavailable\"", StringComparison.Ordinal));
}
